#pragma once

#include "portico/app/route.hpp"
#include "portico/model/json.hpp"
#include "portico/model/schema.hpp"

namespace portico::openapi {

/// The schema of an answer as the route's `response_model_…` options have it written: without the
/// members that are left out, under their own names, and requiring only what always comes. It
/// stands in its place, for another route may write the same model otherwise. What the route
/// declares beside its handler's answers is as it is everywhere.
[[nodiscard]] model::Json written_schema(model::SchemaBuilder& schemas, const app::Route& route,
                                         const app::RouteResponse& response);

}  // namespace portico::openapi
