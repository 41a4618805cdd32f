#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "portico/http/headers.hpp"
#include "portico/http/middleware.hpp"

namespace portico::middleware {

struct CORSOptions {
    /// `https://shop.example`, with a port when it is not the scheme's; `https://*.shop.example` is
    /// every name below; `*` is any origin.
    std::vector<std::string> allow_origins = {};
    /// `*`: every method that Portico knows.
    std::vector<std::string> allow_methods{"GET"};
    /// Beyond the fields that every request may have (`Accept`, `Accept-Language`,
    /// `Content-Language`, `Content-Type`). `*`: whatever is asked for.
    std::vector<std::string> allow_headers = {};
    /// Cookies and `Authorization` from other origins. Refused together with the origin `*`.
    bool allow_credentials = false;
    /// The fields of a response that a page may read beyond the simple ones.
    std::vector<std::string> expose_headers = {};
    /// How long a browser may remember a preflight's answer.
    std::chrono::seconds max_age{600};
    /// Lets public pages reach this server in a private network.
    bool allow_private_network = false;
};

/// Cross-origin resource sharing (Fetch §3.2): which pages of other origins may use the API.
///
/// Answers preflights: 200 `OK`, or 400 `Disallowed CORS origin`, `method`, `headers`. Puts the
/// CORS fields on every response to an allowed origin, errors included, and `Vary: Origin` on all.
/// It protects browsers' users, not the server: a request from an origin that is not allowed is
/// served, its page just can't read the answer.
///
/// The constructor throws `std::invalid_argument` for `*` with credentials, for the origin `null`,
/// and for an origin with a path, a slash at the end or capitals: it could never match.
class CORSMiddleware final : public http::Middleware {
public:
    explicit CORSMiddleware(CORSOptions options);

    http::Decision on_request(http::Exchange& exchange) override;
    void on_response(http::Exchange& exchange) override;

    [[nodiscard]] bool allows_origin(std::string_view origin) const noexcept;

private:
    struct Wildcard {
        std::string scheme;  ///< "https://"
        std::string suffix;  ///< ".shop.example:8443"
    };

    [[nodiscard]] bool allows_method(std::string_view method) const noexcept;
    [[nodiscard]] bool allows_headers(std::string_view list) const noexcept;

    CORSOptions options_;
    std::vector<std::string> origins_;
    std::vector<Wildcard> wildcards_;
    bool any_origin_ = false;
    bool any_header_ = false;
    std::string methods_text_;
    std::string headers_text_;
    std::string max_age_text_;
    http::Headers preflight_fields_;
    http::Headers response_fields_;
};

}  // namespace portico::middleware
