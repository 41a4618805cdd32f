#pragma once

#include <span>
#include <string_view>

#include "portico/model/details.hpp"
#include "portico/model/type.hpp"

namespace portico::model {

/// The values that an alternative of a variant has for its tag: those of its `Literal` of that
/// name. None when it is no model with such a member.
[[nodiscard]] std::span<const EnumValue> tags_of(const Type& alternative, std::string_view tag);

}  // namespace portico::model
