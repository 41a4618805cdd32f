#pragma once

#include <string_view>

namespace portico::guard::detail {

/// A function that is of no use in a value but to an attacker: it waits, reads or tells.
[[nodiscard]] bool is_sql_function(std::string_view word) noexcept;

/// What "drop" and "create" are followed by in SQL, and seldom in prose.
[[nodiscard]] bool is_sql_object(std::string_view word) noexcept;

}  // namespace portico::guard::detail
