#pragma once

#include <cstdint>
#include <string_view>

namespace portico::http {

/// Checks a text that comes in pieces (RFC 3629 §4): no overlong forms, no surrogates, nothing
/// above U+10FFFF. A fault is seen at its first byte.
class Utf8Validator {
public:
    /// False: no text that begins with what has come is UTF-8.
    [[nodiscard]] bool feed(std::string_view piece) noexcept;
    /// The text may end here: no character is cut.
    [[nodiscard]] bool complete() const noexcept { return left_ == 0; }
    void reset() noexcept { *this = {}; }

private:
    [[nodiscard]] bool begin(unsigned char lead) noexcept;

    std::uint8_t left_ = 0;    // bytes of the character that are to come
    std::uint8_t low_ = 0x80;  // what the next of them may be
    std::uint8_t high_ = 0xBF;
};

[[nodiscard]] inline bool is_utf8(std::string_view text) noexcept {
    Utf8Validator validator;
    return validator.feed(text) && validator.complete();
}

}  // namespace portico::http
