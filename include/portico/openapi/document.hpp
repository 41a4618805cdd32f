#pragma once

#include "portico/app/app.hpp"
#include "portico/model/json.hpp"

namespace portico::openapi {

/// The OpenAPI 3.1.0 document of an application, made from the tables that bind its requests.
///
/// Routes come in the order of their registration, schemas sorted by name: the same program gives
/// the same document. Routes with `include_in_schema = false` are left out. Throws
/// `std::invalid_argument` where two security schemes share a name but differ, or two routes an
/// operation id that was given by hand.
///
/// What a route answers besides its own responses follows from what it is: 401 (and 403, with
/// scopes) where it needs credentials, 422 where it validates, each with the body of the
/// application's error format, or of the handler that the application has for that exception.
[[nodiscard]] model::Json document(app::App& app);

}  // namespace portico::openapi
