#include "app/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "portico/core/context.hpp"
#include "portico/core/executor.hpp"
#include "portico/http/refused.hpp"
#include "portico/http/status.hpp"
#include "portico/model/write.hpp"

namespace portico::app {
namespace {

std::string quoted(std::string_view text) {
    std::string out;
    model::write_json_string(text, out);
    return out;
}

/// What an error says, before it is put into a format.
struct Description {
    int status = 500;
    std::string detail_json;  // empty: none
    std::string title_json;   // empty: the phrase of the status
    std::string errors_json;  // the faults of a request that does not validate
    std::string code;
    const http::Headers* headers = nullptr;
};

Description describe_error(const CaughtError& error) {
    if (const auto* exception = error.as<HTTPException>()) {
        return {.status = exception->status(),
                .detail_json = exception->detail_json(),
                .headers = &exception->headers()};
    }
    if (const auto* invalid = error.as<RequestValidationError>()) {
        return {.status = 422, .errors_json = invalid->faults().to_json()};
    }
    if (const auto* exception = error.as<AppException>()) {
        const auto& detail = exception->detail().empty() ? exception->error() : exception->detail();
        return {.status = exception->status(),
                .detail_json = quoted(detail),
                .title_json = quoted(exception->error()),
                .code = exception->code(),
                .headers = &exception->headers()};
    }
    return {.status = 500, .detail_json = quoted("Internal Server Error")};
}

void write_fastapi(const Description& error, std::string& out) {
    out += R"({"detail":)";
    out += error.errors_json.empty() ? error.detail_json : error.errors_json;
    if (!error.code.empty()) out += R"(,"code":)" + quoted(error.code);
    out += '}';
}

/// RFC 9457 §4.2.1: the title of "about:blank" SHOULD be the phrase of the status. An
/// AppException's own says more, and has no other place.
void write_problem(const Description& error, std::string& out) {
    const std::string title =
        error.title_json.empty() ? quoted(http::status_phrase(error.status)) : error.title_json;
    out += fmt::format(R"({{"type":"about:blank","title":{},"status":{})", title, error.status);
    if (!error.errors_json.empty()) {
        out += R"(,"detail":"The request does not validate","errors":)" + error.errors_json;
    } else if (!error.detail_json.empty() && error.detail_json != title) {
        out += R"(,"detail":)" + error.detail_json;
    }
    if (!error.code.empty()) out += R"(,"code":)" + quoted(error.code);
    out += '}';
}

void add_headers(const http::Headers& headers, http::Response& response) {
    for (const auto field : headers) {
        if (!http::equal_names(field.name, "Set-Cookie")) response.headers.remove(field.name);
    }
    for (const auto field : headers) response.headers.add(field.name, field.value);
}

}  // namespace

ErrorKind classify(CaughtError& error) noexcept {
    if (const auto* exception = error.as<HTTPException>()) return {.status = exception->status()};
    if (error.as<RequestValidationError>() != nullptr) return {.status = 422};
    if (const auto* exception = error.as<AppException>()) return {.status = exception->status()};
    if (error.as<core::Cancelled>() != nullptr) return {.cancelled = true};
    if (error.as<core::Overloaded>() != nullptr) {
        error = CaughtError::of(HTTPException(503, {}, {{"Retry-After", "1"}}));
        return {.status = 503};
    }
    if (error.as<core::DeadlineExceeded>() != nullptr) {
        error = CaughtError::of(HTTPException(503));
        return {.status = 503};
    }
    if (const auto* refused = error.as<http::Refused>()) {
        const int status = refused->status();
        error = CaughtError::of(
            HTTPException(status, std::string(refused->detail()), refused->headers()));
        return {.status = status};
    }
    if (const auto* failed = error.as<http::BodyFailed>()) {
        if (failed->error() == http::BodyError::disconnected) return {.cancelled = true};
        const int status = http::status_of(failed->error());
        error = CaughtError::of(HTTPException(status));
        return {.status = status};
    }
    return {.unforeseen = true};
}

const ExceptionHandler* find_handler(std::span<const ExceptionHandler> handlers,
                                     const CaughtError& error, bool unforeseen) noexcept {
    for (const ExceptionHandler& handler : handlers) {
        if (!unforeseen && *handler.table->type == typeid(std::exception)) continue;
        if (handler.table->match(error) != nullptr) return &handler;
    }
    return nullptr;
}

void write_error(const AppOptions& options, const CaughtError& error, http::Response& response) {
    const Description description = describe_error(error);
    response.status = description.status;
    std::string& body = response.text();
    body.clear();
    if (http::status_has_content(description.status)) {
        if (options.error_format == ErrorFormat::problem_json) {
            write_problem(description, body);
            response.set_content_type("application/problem+json");
        } else {
            write_fastapi(description, body);
            response.set_content_type("application/json");
        }
    }
    if (description.headers != nullptr) add_headers(*description.headers, response);
}

void put_headers(const CaughtError& error, http::Response& response) {
    const Description description = describe_error(error);
    if (description.headers == nullptr) return;
    for (const auto field : *description.headers) {
        if (!response.headers.contains(field.name)) {
            response.headers.add(field.name, field.value);
        }
    }
}

}  // namespace portico::app
