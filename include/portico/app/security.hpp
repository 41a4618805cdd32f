#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portico::app {

/// What a kind of credentials is called and how OpenAPI describes it.
///
/// A dependency object that derives from it and is used as `Security<object>` (or
/// `Depends<object>`) puts its scheme into the document and its requirement on every route that
/// depends on it, directly or not. Such dependencies run before the body is read.
///
///     class ApiKeyHeader : public SecurityScheme {
///     public:
///         std::string operator()(const Request& request) const;   // throws HTTPException{401, …}
///         std::string_view scheme_name() const override { return "ApiKey"; }
///         std::string openapi_json() const override {
///             return R"({"type":"apiKey","in":"header","name":"X-Key"})";
///         }
///     };
///     inline const ApiKeyHeader api_key;             // a namespace-scope object:
///     Security<api_key>
class SecurityScheme {
public:
    /// The key under `components.securitySchemes`; two schemes of one name must be the same.
    [[nodiscard]] virtual std::string_view scheme_name() const = 0;
    /// The Security Scheme Object (OpenAPI 3.1 §4.8.27) as a JSON text.
    [[nodiscard]] virtual std::string openapi_json() const = 0;

protected:
    ~SecurityScheme() = default;
};

/// The scopes that the route asks of this dependency: those of every `Security` on the way to it,
/// outermost first, each once. Taken as `const SecurityScopes&`; valid as long as the request.
class SecurityScopes {
public:
    SecurityScopes() = default;
    explicit SecurityScopes(std::vector<std::string> scopes);

    [[nodiscard]] const std::vector<std::string>& scopes() const noexcept { return scopes_; }
    /// Joined by spaces, as in `WWW-Authenticate: Bearer scope="read write"`.
    [[nodiscard]] const std::string& scope_str() const noexcept { return joined_; }
    [[nodiscard]] bool empty() const noexcept { return scopes_.empty(); }
    /// Whether all of them are among those that a token or a user has.
    ///
    ///     if (!asked.granted_by(claims->scopes)) throw auth::not_enough_permissions(asked);
    [[nodiscard]] bool granted_by(std::span<const std::string> granted) const noexcept;

private:
    std::vector<std::string> scopes_;
    std::string joined_;
};

}  // namespace portico::app
