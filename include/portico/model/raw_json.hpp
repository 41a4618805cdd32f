#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "portico/model/json.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/type.hpp"

namespace portico::model {

/// A JSON value as it was sent, without the space between its tokens: to be kept or passed on, not
/// looked into. Its syntax is checked and its depth bounded; digits, escapes, the order of members
/// and members of one name stay, so `\u0000` and half a surrogate pair may be in it: `json()`, or
/// `read_json<T>(value.text())`, is where somebody looks.
///
///     struct Event {
///         std::string type;
///         RawJson payload;  // answered, or stored, byte by byte
///     };
class RawJson {
public:
    /// null
    RawJson() noexcept = default;
    explicit RawJson(const Json& value) : text_(value.dump()) {}

    /// One JSON text (RFC 8259), depth 100 at most.
    [[nodiscard]] static std::expected<RawJson, JsonError> parse(std::string_view text);

    /// On one line. Valid as long as the object is left alone.
    [[nodiscard]] std::string_view text() const noexcept {
        return text_.empty() ? std::string_view("null") : std::string_view(text_);
    }
    [[nodiscard]] bool is_null() const noexcept { return text() == "null"; }
    /// Of members of one name the last counts.
    [[nodiscard]] Json json() const;

    /// By the text: 1.0 is not 1.
    [[nodiscard]] bool operator==(const RawJson& other) const noexcept {
        return text() == other.text();
    }

private:
    friend class Reader;

    /// Of valid JSON.
    void assign(std::string_view json);

    std::string text_;  ///< Empty: null, as after a move.
};

namespace detail {

template <>
struct TypeOf<RawJson> {
    static constexpr Kind kKind = Kind::raw;
    static constexpr std::string_view kName = "any";
    static consteval const void* details() { return nullptr; }
};

}  // namespace detail
}  // namespace portico::model
