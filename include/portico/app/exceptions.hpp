#pragma once

#include <concepts>
#include <exception>
#include <string>
#include <string_view>

#include "portico/http/headers.hpp"
#include "portico/model/fault.hpp"
#include "portico/model/json.hpp"

/// What handlers, dependencies and middleware throw, and what the framework itself refuses with.
///
///     std::exception
///     ├── HTTPException                any status, any detail
///     ├── RequestValidationError       what was sent does not validate: 422
///     └── AppException                 an application's own errors
///         ├── NotFoundError            404
///         ├── ValidationError          422
///         ├── AuthenticationError      401
///         └── AuthorizationError       403
///
/// Without a handler for its type (`App::exception_handler`) each is answered in the application's
/// `error_format`. Any other exception is a 500 whose cause goes to `AppOptions::on_error` and
/// never to the client.
namespace portico::app {

/// Ends the request with a status. Its headers are on the answer whoever formats it.
///
///     throw HTTPException(404, "Item not found");
///     throw HTTPException(401, "Not authenticated", {{"WWW-Authenticate", "Bearer"}});
///
/// The framework's refusals are HTTPExceptions too: 404 and 405 of the routes, 413 and 431 of the
/// parser, what middleware refuses.
class HTTPException : public std::exception {
public:
    /// An empty detail is the phrase of the status (RFC 9110): "Not Found".
    explicit HTTPException(int status, std::string detail = {}, http::Headers headers = {});
    /// Any JSON as detail.
    template <std::same_as<model::Json> Json>
    HTTPException(int status, const Json& detail, http::Headers headers = {})
        : HTTPException(status, detail, std::move(headers), 0) {}

    [[nodiscard]] int status() const noexcept { return status_; }
    /// The detail as text; of another JSON value its JSON text.
    [[nodiscard]] const std::string& detail() const noexcept { return detail_; }
    [[nodiscard]] bool detail_is_text() const noexcept { return detail_is_text_; }
    /// The detail as a JSON text.
    [[nodiscard]] std::string detail_json() const;
    [[nodiscard]] const http::Headers& headers() const noexcept { return headers_; }
    [[nodiscard]] const char* what() const noexcept override { return detail_.c_str(); }

private:
    HTTPException(int status, const model::Json& detail, http::Headers headers, int);

    int status_;
    bool detail_is_text_ = true;
    std::string detail_;
    http::Headers headers_;
};

/// The parameters or the body of a request do not validate. `faults()` has all that is wrong, in
/// FastAPI's order, at most 50.
class RequestValidationError : public std::exception {
public:
    explicit RequestValidationError(model::Faults faults) : faults_(std::move(faults)) {}

    [[nodiscard]] const model::Faults& faults() const noexcept { return faults_; }
    [[nodiscard]] const char* what() const noexcept override {
        return "the request does not validate";
    }

private:
    model::Faults faults_;
};

/// The base of an application's own exceptions: a status, a short phrase, a detail for the client,
/// a code for programs. Throw a class derived from it where a caller may want to tell it apart.
class AppException : public std::exception {
public:
    explicit AppException(int status, std::string error, std::string detail = {},
                          std::string code = {}, http::Headers headers = {});

    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] const std::string& error() const noexcept { return error_; }
    /// Empty: none.
    [[nodiscard]] const std::string& detail() const noexcept { return detail_; }
    /// Empty: none.
    [[nodiscard]] const std::string& code() const noexcept { return code_; }
    [[nodiscard]] const http::Headers& headers() const noexcept { return headers_; }
    [[nodiscard]] http::Headers& headers() noexcept { return headers_; }
    [[nodiscard]] const char* what() const noexcept override { return error_.c_str(); }

private:
    int status_;
    std::string error_;
    std::string detail_;
    std::string code_;
    http::Headers headers_;
};

/// 404 `NOT_FOUND`: "User not found", "User with id 99 does not exist".
class NotFoundError : public AppException {
public:
    NotFoundError(std::string_view resource, std::string_view id);
    template <std::integral Id>
    NotFoundError(std::string_view resource, Id id)
        : NotFoundError(resource, std::string_view(std::to_string(id))) {}
};

/// 422 `VALIDATION_ERROR`.
class ValidationError : public AppException {
public:
    explicit ValidationError(std::string detail);
};

/// 401 `AUTH_ERROR`. `headers` is the place for `WWW-Authenticate`.
class AuthenticationError : public AppException {
public:
    explicit AuthenticationError(std::string detail = "Authentication failed",
                                 http::Headers headers = {});
};

/// 403 `FORBIDDEN`.
class AuthorizationError : public AppException {
public:
    explicit AuthorizationError(std::string detail = "Permission denied",
                                http::Headers headers = {});
};

}  // namespace portico::app
