#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/text_fields.hpp"
#include "portico/model/fault.hpp"
#include "portico/model/type.hpp"

namespace portico::app {

/// The JSON value that pairs such as "filter[price][gte]=1" stand for; every text is a string in
/// it, and of several texts for a single value the last counts. Nothing: no pair is below `name`.
/// A text that is not UTF-8 is a fault.
[[nodiscard]] std::optional<std::string> nested_json(const TextSource& source,
                                                     std::string_view name, const model::Slot& slot,
                                                     model::Faults& faults);

}  // namespace portico::app
