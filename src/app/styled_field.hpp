#pragma once

#include "app/plan.hpp"
#include "app/text_fields.hpp"
#include "portico/core/arena.hpp"
#include "portico/model/fault.hpp"

namespace portico::app {

/// How a field of that source and type is sent.
[[nodiscard]] TextField::Style style_of(Source source, const model::Slot& slot);

/// Whether a pair of this name is a part of a nested field: "filter[price][gte]" of "filter".
[[nodiscard]] bool is_below(std::string_view pair_name, std::string_view field_name);

/// Reads a field that is not plain. False: nothing of its style was sent.
[[nodiscard]] bool bind_styled(const TextField& field, const TextSource& source, core::Arena& arena,
                               void* at, const model::Location& location, model::Faults& faults);

}  // namespace portico::app
