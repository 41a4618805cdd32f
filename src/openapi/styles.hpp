#pragma once

#include "portico/app/route.hpp"
#include "portico/model/json.hpp"

namespace portico::openapi {

/// Adds to a parameter how it is sent, where that is not as OpenAPI assumes: `deepObject`, a list
/// in one text, a JSON text.
void describe_style(model::Json& parameter, const app::RouteParameter& described);

/// The same of the fields of a form, as `encoding` of its media types.
void describe_encoding(model::Json& content, const app::Route& route);

}  // namespace portico::openapi
