#pragma once

#include <string>
#include <string_view>

#include "portico/model/json.hpp"

/// The schemas of the errors that the framework writes itself.
namespace portico::openapi {

[[nodiscard]] model::Json string_schema(std::string_view title);

/// FastAPI's `{"detail": …}` of an HTTPException; `code` is that of an AppException.
[[nodiscard]] model::Json http_error_schema();
/// One fault of a 422, as FastAPI describes it.
[[nodiscard]] model::Json fault_schema();
[[nodiscard]] model::Json validation_error_schema(const std::string& fault_ref);
/// RFC 9457 §3.1. Extension members: `code` of an AppException, `errors` for the faults of a 422.
[[nodiscard]] model::Json problem_schema(const std::string* fault_ref);

}  // namespace portico::openapi
