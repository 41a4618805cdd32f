#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace portico::http {

/// A media type such as "application/json; charset=utf-8" (RFC 9110 §8.3.1), as views of the field.
/// Names compare without case.
///
///     const auto type = MediaType::parse(request.header("Content-Type"));
///     if (!type || !type->is_json()) …   // 415 or 422
class MediaType {
public:
    /// Nothing when the text is not `type/subtype` with well-formed parameters, or is a range such
    /// as "text/*". Never allocates.
    [[nodiscard]] static std::optional<MediaType> parse(std::string_view text) noexcept;

    [[nodiscard]] std::string_view type() const noexcept { return type_; }
    [[nodiscard]] std::string_view subtype() const noexcept { return subtype_; }

    /// True for "application/json" and "application/*+json" (RFC 6839 §3.1).
    [[nodiscard]] bool is_json() const noexcept;
    /// True when `range` names it: "text/html", "text/*" or "*/*"; its parameters do not count.
    [[nodiscard]] bool matches(std::string_view range) const noexcept;
    /// The first parameter of that name, its quotes and escapes removed.
    [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;

private:
    std::string_view type_;
    std::string_view subtype_;
    std::string_view parameters_;
};

/// How many members of an `Accept` or `Accept-Encoding` field count; later ones are passed over.
inline constexpr std::size_t kMaxAcceptMembers = 64;

/// The index of the offer that an `Accept` field prefers (RFC 9110 §12.5.1): for each offer the
/// most specific range that matches it decides, its parameters aside; of equals the first offer
/// wins. An empty field, one without a well-formed member, takes the first. Nothing when all are
/// refused (406). `offers` are media types without parameters.
[[nodiscard]] std::optional<std::size_t> negotiate_media_type(
    std::string_view accept, std::span<const std::string_view> offers) noexcept;

/// True when an `Accept` field names this very type, with a weight above zero: "*/*" does not
/// count.
[[nodiscard]] bool names_media_type(std::string_view accept, std::string_view media_type) noexcept;

/// The index of the content coding that an `Accept-Encoding` field prefers (RFC 9110 §12.5.3), of
/// equals the first offer. Nothing: send it as it is, because the field is empty, names none of
/// `offers`, or prefers "identity".
[[nodiscard]] std::optional<std::size_t> negotiate_encoding(
    std::string_view accept_encoding, std::span<const std::string_view> offers) noexcept;

}  // namespace portico::http
