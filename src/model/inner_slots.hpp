#pragma once

#include <vector>

#include "portico/model/type.hpp"

namespace portico::model {

/// What a value of the type holds: items, values, alternatives. A model's members are not among
/// them.
[[nodiscard]] std::vector<Slot> inner_slots(const Type& type);

}  // namespace portico::model
