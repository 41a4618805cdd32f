#include "portico/middleware/security_headers.hpp"

#include <errno.h>
#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "middleware/field_list.hpp"
#include "portico/http/content_security_policy.hpp"

namespace portico::middleware {
namespace {

constexpr std::string_view kPolicy = "Content-Security-Policy";
constexpr std::string_view kReportOnly = "Content-Security-Policy-Report-Only";

struct CspNonce {
    std::string text;
};

// Where nobody has asked for a nonce, the source is left out.
void put_with_nonce(const http::Headers& policies, http::Request& request, http::Headers& headers) {
    static const std::string kSource = std::string(" ") + http::csp::nonce;
    const CspNonce* const nonce = request.state().get<CspNonce>();
    const std::string made = nonce != nullptr ? " 'nonce-" + nonce->text + "'" : "";
    for (const auto& [name, value] : policies) {
        std::string text(value);
        for (auto at = text.find(kSource); at != text.npos; at = text.find(kSource, at)) {
            text.replace(at, kSource.size(), made);
            at += made.size();
        }
        headers.set_default(name, text);
    }
}

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

std::string_view csp_nonce(http::Request& request) {
    if (const CspNonce* const made = request.state().get<CspNonce>()) return made->text;
    std::array<unsigned char, 16> bytes{};
    // Of so few bytes it gives all or, before the kernel has any, waits.
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    return request.state().set(CspNonce{fmt::format("{:02x}", fmt::join(bytes, ""))}).text;
}

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
    const auto policies = [&](std::string_view more) {
        http::Headers fields;
        for (const auto& [name, text] :
             {std::pair{kPolicy, &options_.page_policy},
              std::pair{kReportOnly, &options_.page_policy_report_only}}) {
            if (!text->empty()) fields.set_defaults(one_field(name, *text + std::string(more)));
        }
        return fields;
    };
    page_policies_ = policies("");
    worker_page_policies_ = policies("; worker-src blob:");
    has_nonce_ = options_.page_policy.contains(http::csp::nonce) ||
                 options_.page_policy_report_only.contains(http::csp::nonce);
    hsts_ = one_field("Strict-Transport-Security", hsts_text(options_.hsts));
}

void SecurityHeadersMiddleware::on_response(http::Exchange& exchange) {
    const http::Request& request = exchange.request;
    http::Headers& headers = exchange.response.headers;

    if (!is_page(exchange.response)) {
        headers.set_defaults(api_policy_);
    } else {
        const bool starts_worker =
            std::ranges::find(options_.worker_pages, request.path()) != options_.worker_pages.end();
        const http::Headers& policies = starts_worker ? worker_page_policies_ : page_policies_;
        if (has_nonce_) {
            put_with_nonce(policies, exchange.request, headers);
        } else {
            headers.set_defaults(policies);
        }
    }
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
