#pragma once

#include <cstddef>
#include <string_view>

namespace portico::guard::detail {

/// A character reference of HTML (WHATWG HTML §13.2.5.72); `size` is 0 where there is none.
struct Entity {
    char32_t code = 0;
    std::size_t size = 0;
};

/// At the "&" that `text` begins with: numbers with or without their semicolon, and the names of
/// ASCII characters.
[[nodiscard]] Entity read_entity(std::string_view text) noexcept;

}  // namespace portico::guard::detail
