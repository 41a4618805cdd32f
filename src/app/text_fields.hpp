#pragma once

#include <span>
#include <string_view>

#include "app/plan.hpp"
#include "portico/core/arena.hpp"
#include "portico/http/headers.hpp"
#include "portico/http/name_value.hpp"
#include "portico/model/fault.hpp"

namespace portico::app {

/// Where the texts of parameters are found: pairs, or header fields, whose names have no case.
struct TextSource {
    std::string_view word;  ///< How faults call it: "query".
    std::span<const http::NameValue> pairs;
    const http::HeaderView* headers = nullptr;  ///< Not null: instead of the pairs.
    std::string_view raw_query = {};            ///< What the pairs of a query were decoded from.
    bool empty_is_missing = false;              ///< FastAPI's rule for forms.
};

/// Reads a parameter, or each member of one that is a whole model, into `at`.
void bind_fields(const Binding& binding, const TextSource& source, core::Arena& arena, void* at,
                 model::Faults& faults);

}  // namespace portico::app
