#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/app/security.hpp"
#include "portico/http/request.hpp"

/// Where a request carries its credentials: namespace-scope objects, used as dependencies.
///
///     inline const auth::OAuth2PasswordBearer bearer{{.token_url = "/auth/token"}};
///     Task<User> current_user(Security<bearer> token, State<JwtVerifier> verifier) { … }
///
/// Each puts itself into the document, so that the docs page can ask for the credentials. They find
/// credentials and do not judge them. A request without any is answered with 401
/// `Not authenticated` and the `WWW-Authenticate` of the scheme; of the form `Optional<…>` the
/// value is an empty `std::optional` then.
namespace portico::auth {

/// The credentials of an `Authorization` field of that scheme, compared without case (RFC 9110
/// §11.4). Nothing when the field is missing, empty, there twice, or of another scheme.
[[nodiscard]] std::optional<std::string_view> authorization(const http::Request& request,
                                                            std::string_view scheme) noexcept;

struct OAuth2PasswordBearerOptions {
    std::string token_url;  ///< Of the route that takes `OAuth2PasswordRequestForm`.
    /// Names and what they allow, in the order of the docs page.
    std::vector<std::pair<std::string, std::string>> scopes = {};
    std::string refresh_url = {};  ///< Empty: none.
    std::string scheme_name = "OAuth2PasswordBearer";
    std::string description = {};
};

/// `Authorization: Bearer <token>` (RFC 6750 §2.1), gained by a password: `flows.password` in the
/// document. The value is the token.
class OAuth2PasswordBearer : public app::SecurityScheme {
public:
    using Credentials = std::string;

    explicit OAuth2PasswordBearer(OAuth2PasswordBearerOptions options)
        : options_(std::move(options)) {}

    [[nodiscard]] std::string operator()(const http::Request& request) const;
    [[nodiscard]] std::optional<std::string> find(const http::Request& request) const;

    [[nodiscard]] std::string_view scheme_name() const override { return options_.scheme_name; }
    [[nodiscard]] std::string openapi_json() const override;

private:
    OAuth2PasswordBearerOptions options_;
};

struct HTTPBearerOptions {
    std::string bearer_format = {};  ///< A hint for readers: "JWT".
    std::string scheme_name = "HTTPBearer";
    std::string description = {};
};

/// `Authorization: Bearer <token>`, wherever the token is from.
class HTTPBearer : public app::SecurityScheme {
public:
    using Credentials = std::string;

    explicit HTTPBearer(HTTPBearerOptions options = {}) : options_(std::move(options)) {}

    [[nodiscard]] std::string operator()(const http::Request& request) const;
    [[nodiscard]] std::optional<std::string> find(const http::Request& request) const;

    [[nodiscard]] std::string_view scheme_name() const override { return options_.scheme_name; }
    [[nodiscard]] std::string openapi_json() const override;

private:
    HTTPBearerOptions options_;
};

struct BasicCredentials {
    std::string username;
    std::string password;
};

struct HTTPBasicOptions {
    std::string realm = {};  ///< Shown by browsers; empty: none.
    std::string scheme_name = "HTTPBasic";
    std::string description = {};
};

/// `Authorization: Basic <base64>` (RFC 7617). Strict Base64, a colon, no control characters;
/// anything else is as good as missing.
class HTTPBasic : public app::SecurityScheme {
public:
    using Credentials = BasicCredentials;

    /// Throws `std::invalid_argument` for a realm with a control character.
    explicit HTTPBasic(HTTPBasicOptions options = {});

    [[nodiscard]] BasicCredentials operator()(const http::Request& request) const;
    [[nodiscard]] std::optional<BasicCredentials> find(const http::Request& request) const;

    [[nodiscard]] std::string_view scheme_name() const override { return options_.scheme_name; }
    [[nodiscard]] std::string openapi_json() const override;

private:
    HTTPBasicOptions options_;
    std::string challenge_;
};

struct APIKeyOptions {
    std::string name;              ///< Of the field, parameter or cookie.
    std::string scheme_name = {};  ///< Empty: that of the class.
    std::string description = {};
};

/// A key in a header field of any name: `X-API-Key: …`. Compare it with
/// `crypto::constant_time_equal`, or look its hash up.
class APIKeyHeader : public app::SecurityScheme {
public:
    using Credentials = std::string;

    /// Throws `std::invalid_argument` for a name that no field can have.
    explicit APIKeyHeader(APIKeyOptions options);

    [[nodiscard]] std::string operator()(const http::Request& request) const;
    [[nodiscard]] std::optional<std::string> find(const http::Request& request) const;

    [[nodiscard]] std::string_view scheme_name() const override { return options_.scheme_name; }
    [[nodiscard]] std::string openapi_json() const override;

private:
    APIKeyOptions options_;
};

/// A key in the query. It ends up in histories and in the logs of proxies: prefer the header.
class APIKeyQuery : public app::SecurityScheme {
public:
    using Credentials = std::string;

    explicit APIKeyQuery(APIKeyOptions options);

    [[nodiscard]] std::string operator()(const http::Request& request) const;
    [[nodiscard]] std::optional<std::string> find(const http::Request& request) const;

    [[nodiscard]] std::string_view scheme_name() const override { return options_.scheme_name; }
    [[nodiscard]] std::string openapi_json() const override;

private:
    APIKeyOptions options_;
};

/// A key in a cookie. Browsers send it along with requests that other sites cause.
class APIKeyCookie : public app::SecurityScheme {
public:
    using Credentials = std::string;

    explicit APIKeyCookie(APIKeyOptions options);

    [[nodiscard]] std::string operator()(const http::Request& request) const;
    [[nodiscard]] std::optional<std::string> find(const http::Request& request) const;

    [[nodiscard]] std::string_view scheme_name() const override { return options_.scheme_name; }
    [[nodiscard]] std::string openapi_json() const override;

private:
    APIKeyOptions options_;
};

/// A scheme that lets requests without credentials pass: FastAPI's `auto_error=False`.
///
///     inline const auth::Optional<auth::HTTPBearer> maybe_bearer;
///     Greeting hello(Security<maybe_bearer> token) { return token->has_value() ? … : … }
template <class Scheme>
class Optional : public Scheme {
public:
    using Scheme::Scheme;

    [[nodiscard]] std::optional<typename Scheme::Credentials> operator()(
        const http::Request& request) const {
        return this->find(request);
    }
};

}  // namespace portico::auth
