#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/http/headers.hpp"
#include "portico/http/middleware.hpp"
#include "portico/http/request.hpp"

namespace portico::middleware {

/// `Strict-Transport-Security` (RFC 6797). Sent over HTTPS only, as §7.2 asks.
struct HstsOptions {
    bool enabled = true;
    std::chrono::seconds max_age = std::chrono::days(365);
    bool include_subdomains = true;
    /// Asks for the browsers' built-in list: hard to undo, and needs a year and subdomains.
    bool preload = false;
};

/// An empty text leaves its field out. Policies are texts, or what
/// `ContentSecurityPolicy::to_string` makes; the source `csp::nonce` in those of pages is each
/// page's own.
struct SecurityHeadersOptions {
    /// Of answers that are no pages: nothing in them may be loaded or run.
    std::string api_policy = "default-src 'none'; frame-ancestors 'none'";
    /// Of `text/html`.
    std::string page_policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: https:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'";
    /// Told about and not enforced: a stricter policy of pages, to be tried out.
    std::string page_policy_report_only = {};
    /// Pages that start a worker from a blob, as ReDoc does: `; worker-src blob:` is added there.
    std::vector<std::string> worker_pages{"/redoc"};
    HstsOptions hsts = {};
    std::string frame_options = "DENY";
    bool content_type_nosniff = true;
    std::string referrer_policy = "strict-origin-when-cross-origin";
    /// Nothing is allowed, to this origin neither.
    std::string permissions_policy =
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), "
        "fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
        "payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), "
        "usb=(), xr-spatial-tracking=()";
    std::string cross_origin_opener_policy = "same-origin";
    std::string cross_origin_resource_policy = "same-origin";
    /// `Cache-Control: no-store` on answers to requests with `Authorization` or `Cookie`.
    bool no_store_with_credentials = true;
    /// Further fields for every response.
    std::vector<std::pair<std::string, std::string>> custom = {};
};

/// Puts the fields that tell a browser what it must not do on every response.
///
/// A field that a response has already stays as it is: a page with its own
/// `Content-Security-Policy`, a route with its own `Cache-Control`. The constructor throws
/// `std::invalid_argument` for a text that can't stand in a header field, and for `preload` without
/// a year and subdomains.
class SecurityHeadersMiddleware final : public http::Middleware {
public:
    explicit SecurityHeadersMiddleware(SecurityHeadersOptions options = {});

    void on_response(http::Exchange& exchange) override;

private:
    SecurityHeadersOptions options_;
    http::Headers always_;
    http::Headers api_policy_;
    http::Headers page_policies_;
    http::Headers worker_page_policies_;
    http::Headers hsts_;
    bool has_nonce_ = false;
};

/// What a page's own scripts and styles are marked with, where the policy has the source
/// `csp::nonce`: 128 random bits, the same for the whole response. A page for which nobody has
/// asked for one has none. Valid as long as the request.
///
///     return HTMLResponse("<script nonce=\"" + std::string(csp_nonce(request)) + "\">…</script>");
[[nodiscard]] std::string_view csp_nonce(http::Request& request);

}  // namespace portico::middleware
