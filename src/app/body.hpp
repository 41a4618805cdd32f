#pragma once

#include <string_view>

#include "app/form_data.hpp"
#include "app/plan.hpp"
#include "portico/http/request.hpp"
#include "portico/model/fault.hpp"

namespace portico::app {

/// Reads a path, query, header or cookie parameter into `at`.
void bind_text(const Binding& binding, const http::Request& request, void* at,
               model::Faults& faults);

/// Where one body parameter goes.
struct BodyTarget {
    const Binding* binding;
    void* at;
};

/// Whether the request says that its body is JSON; without a Content-Type, unless `strict`, too.
/// Throws an `HTTPException` (415) when it says that it is JSON in another charset than UTF-8.
[[nodiscard]] bool sent_as_json(const http::Request& request, bool strict);

/// Reads the JSON body into its parameters. A body that is no JSON is one fault, alone; one that
/// was not sent as JSON is validated as the text that it is, as in FastAPI.
void bind_json(std::span<const BodyTarget> targets, bool keyed, bool is_json, std::string_view body,
               model::Faults& faults);

/// Reads an object of several named bodies.
void bind_keyed(std::span<const BodyTarget> targets, std::string_view json,
                const model::Location& root, model::Faults& faults);

/// Reads a form into its parameters.
void bind_form(std::span<const BodyTarget> targets, const FormData& form, core::Arena& arena,
               model::Faults& faults);

}  // namespace portico::app
