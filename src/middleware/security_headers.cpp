#include "portico/middleware/security_headers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "middleware/field_list.hpp"

namespace portico::middleware {
namespace {

constexpr std::string_view kPolicy = "Content-Security-Policy";

bool is_page(const http::Response& response) noexcept {
    std::string_view type = response.headers.value_or_empty("Content-Type");
    return http::equal_names(detail::take_member(type, ';'), "text/html");
}

std::string hsts_text(const HstsOptions& hsts) {
    if (!hsts.enabled) return {};
    // https://hstspreload.org: "max-age must be at least 31536000 seconds (1 year)", subdomains.
    if (hsts.preload && (!hsts.include_subdomains || hsts.max_age < std::chrono::days(365))) {
        throw std::invalid_argument("hsts: preload needs a max_age of a year and subdomains");
    }
    return fmt::format("max-age={}{}{}", hsts.max_age.count(),
                       hsts.include_subdomains ? "; includeSubDomains" : "",
                       hsts.preload ? "; preload" : "");
}

void check(std::string_view name, std::string_view value) {
    if (!http::is_token(name) || !http::is_field_value(value)) {
        throw std::invalid_argument(
            fmt::format("security_headers: \"{}: {}\" can't stand in a header", name, value));
    }
}

http::Headers one_field(std::string_view name, std::string_view value) {
    check(name, value);
    http::Headers fields;
    if (!value.empty()) fields.add(name, value);
    return fields;
}

}  // namespace

SecurityHeadersMiddleware::SecurityHeadersMiddleware(SecurityHeadersOptions options)
    : options_(std::move(options)) {
    const auto always = [&](std::string_view name, std::string_view value) {
        if (value.empty()) return;
        check(name, value);
        always_.add(name, value);
    };
    always("X-Content-Type-Options", options_.content_type_nosniff ? "nosniff" : "");
    always("X-Frame-Options", options_.frame_options);
    always("Referrer-Policy", options_.referrer_policy);
    always("Permissions-Policy", options_.permissions_policy);
    always("Cross-Origin-Opener-Policy", options_.cross_origin_opener_policy);
    always("Cross-Origin-Resource-Policy", options_.cross_origin_resource_policy);
    for (const auto& [name, value] : options_.custom) always(name, value);
    api_policy_ = one_field(kPolicy, options_.api_policy);
    page_policy_ = one_field(kPolicy, options_.page_policy);
    if (!options_.page_policy.empty()) {
        worker_page_policy_ = one_field(kPolicy, options_.page_policy + "; worker-src blob:");
    }
    hsts_ = one_field("Strict-Transport-Security", hsts_text(options_.hsts));
}

void SecurityHeadersMiddleware::on_response(http::Exchange& exchange) {
    const http::Request& request = exchange.request;
    http::Headers& headers = exchange.response.headers;

    const http::Headers* policy = &api_policy_;
    if (is_page(exchange.response)) {
        const bool starts_worker =
            std::ranges::find(options_.worker_pages, request.path()) != options_.worker_pages.end();
        policy = starts_worker ? &worker_page_policy_ : &page_policy_;
    }
    headers.set_defaults(*policy);
    headers.set_defaults(always_);
    // RFC 6797 §7.2: "An HSTS Host MUST NOT include the STS header field in HTTP responses conveyed
    // over non-secure transport."
    if (request.is_https()) headers.set_defaults(hsts_);
    if (options_.no_store_with_credentials &&
        (request.headers().contains("Authorization") || request.headers().contains("Cookie"))) {
        headers.set_default("Cache-Control", "no-store");
    }
}

}  // namespace portico::middleware
