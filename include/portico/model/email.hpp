#pragma once

#include <compare>
#include <expected>
#include <string>
#include <string_view>

#include "portico/model/constraints.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model {

/// An e-mail address, kept as it was written (no part is put into lower case).
///
/// `local@domain`: a dot-atom of RFC 5322 §3.2.3 of at most 64 bytes, UTF-8 allowed (RFC 6531), and
/// a host name with a period whose labels follow RFC 1123. Quoted local parts, comments, address
/// literals and domains that can't receive mail (localhost, .test, .invalid) are refused. 254 bytes
/// at most. No DNS is asked.
class Email {
public:
    Email() = default;

    /// The error is the reason: "An email address must have an @-sign."
    [[nodiscard]] static std::expected<Email, std::string> parse(std::string_view text);

    [[nodiscard]] const std::string& str() const noexcept { return text_; }
    [[nodiscard]] std::string_view local() const noexcept {
        return std::string_view(text_).substr(0, text_.rfind('@'));
    }
    [[nodiscard]] std::string_view domain() const noexcept {
        return std::string_view(text_).substr(text_.rfind('@') + 1);
    }
    // NOLINTNEXTLINE(google-explicit-constructor): an address is a text.
    [[nodiscard]] operator std::string_view() const noexcept { return text_; }

    [[nodiscard]] auto operator<=>(const Email&) const noexcept = default;

private:
    std::string text_;
};

template <>
struct TypeTraits<Email> {
    static constexpr std::string_view kName = "email";
    static constexpr Fits kFits = Fits::texts;
    static const detail::TextDetails kText;
};

}  // namespace portico::model
