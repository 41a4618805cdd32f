#pragma once

#include <span>
#include <string_view>

#include "portico/model/details.hpp"

namespace portico::model {

/// The names of an enum (`Kind::enumerator`), in the order of their values.
[[nodiscard]] std::span<const EnumValue> enum_values(const Type& type);

/// The name of a value; empty when it has none.
[[nodiscard]] std::string_view enum_name(const Type& type, const void* value);
[[nodiscard]] std::int64_t enum_value(const Type& type, const void* value);

/// The elements of the list that a compiler spells out: `… [P = <&x.a, &x.b>]`, `[P = {…}]`.
[[nodiscard]] std::vector<std::string_view> spelled_elements(std::string_view pretty);

}  // namespace portico::model
