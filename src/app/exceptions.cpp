#include "portico/app/exceptions.hpp"

#include <fmt/format.h>

#include "portico/http/status.hpp"
#include "portico/model/write.hpp"

namespace portico::app {

HTTPException::HTTPException(int status, std::string detail, http::Headers headers)
    : status_(status), detail_(std::move(detail)), headers_(std::move(headers)) {
    if (detail_.empty()) detail_ = http::status_phrase(status);
}

HTTPException::HTTPException(int status, const model::Json& detail, http::Headers headers, int)
    : status_(status),
      detail_is_text_(false),
      detail_(model::to_json(detail)),
      headers_(std::move(headers)) {}

std::string HTTPException::detail_json() const {
    if (!detail_is_text_) return detail_;
    std::string json;
    model::write_json_string(detail_, json);
    return json;
}

AppException::AppException(int status, std::string error, std::string detail, std::string code,
                           http::Headers headers)
    : status_(status),
      error_(std::move(error)),
      detail_(std::move(detail)),
      code_(std::move(code)),
      headers_(std::move(headers)) {}

NotFoundError::NotFoundError(std::string_view resource, std::string_view id)
    : AppException(404, fmt::format("{} not found", resource),
                   fmt::format("{} with id {} does not exist", resource, id), "NOT_FOUND") {}

ValidationError::ValidationError(std::string detail)
    : AppException(422, "Validation error", std::move(detail), "VALIDATION_ERROR") {}

AuthenticationError::AuthenticationError(std::string detail, http::Headers headers)
    : AppException(401, "Authentication error", std::move(detail), "AUTH_ERROR",
                   std::move(headers)) {}

AuthorizationError::AuthorizationError(std::string detail, http::Headers headers)
    : AppException(403, "Authorization error", std::move(detail), "FORBIDDEN", std::move(headers)) {
}

}  // namespace portico::app
