#pragma once

#include <string>
#include <vector>

#include "portico/app/app.hpp"
#include "portico/model/json.hpp"

namespace portico::openapi {

/// A document of a part of an application: of one version of an API, or for one kind of reader.
/// Empty texts are those of the application.
struct DocumentOptions {
    std::string title = {};
    std::string version = {};
    std::string description = {};
    std::string prefix = {};             ///< Of the paths that are shown: "/v1"; empty: all.
    std::vector<std::string> tags = {};  ///< Shown is what has one of them; empty: all.
    std::string docs_url = {};           ///< The pages that show it; empty: none.
    std::string redoc_url = {};
    std::string scalar_url = {};
};

/// The OpenAPI 3.1.0 document of an application, made from the tables that bind its requests.
///
/// Routes come in the order of their registration, schemas sorted by name: the same program gives
/// the same document. Routes with `include_in_schema = false` are left out. Throws
/// `std::invalid_argument` where two security schemes share a name but differ, or two routes an
/// operation id that was given by hand or by `generate_unique_id`; ids that Portico makes are told
/// apart by a number.
///
/// What a route answers besides its own responses follows from what it is: 401 (and 403, with
/// scopes) where it needs credentials, 422 where it validates, each with the body of the
/// application's error format, or of the handler that the application has for that exception.
[[nodiscard]] model::Json document(app::App& app, const DocumentOptions& options = {});

/// The same for tools that know OpenAPI 3.0 only, as 3.0.3: `nullable` for null, boolean exclusive
/// bounds, `example`, one-valued enums, `format: binary`. What 3.0 has no word for is left out:
/// webhooks (kept as `x-webhooks`), the summary of the API, `patternProperties` …
[[nodiscard]] model::Json as_openapi_3_0(model::Json document);

/// A JSON value as YAML 1.2, in block style. Every text that YAML might read as something else is
/// quoted.
[[nodiscard]] std::string to_yaml(const model::Json& value);

}  // namespace portico::openapi
