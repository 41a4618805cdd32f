#pragma once

#include "portico/model/json.hpp"

/// What a document of OpenAPI 3.0 needs to know of the schemas that it refers to.
namespace portico::openapi {

/// 3.0.3 §4.7.24: "nullable" adds null to the "type" beside it, so a reference that may be null
/// needs one: that of the schema it refers to.
void add_types_to_nullable_references(model::Json& document);

/// Removes the component schemas that nothing refers to any more.
void drop_unused_schemas(model::Json& document);

}  // namespace portico::openapi
