#pragma once

#include <string>
#include <string_view>

namespace portico::db::postgres {

/// The type of an array's elements; 0 when it is no array that we know.
[[nodiscard]] unsigned element_of(unsigned array) noexcept;

/// Writes a JSON array of plain values, which is what a list is bound as, as an array literal:
/// `[1,null,"a\"b"]` becomes `{"1",NULL,"a\"b"}`. Integers for times are microseconds since 1970.
/// False when it is none.
[[nodiscard]] bool write_array(std::string_view json, unsigned element, std::string& out);

}  // namespace portico::db::postgres
