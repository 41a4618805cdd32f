#include "portico/middleware/cors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include "middleware/field_list.hpp"

namespace portico::middleware {
namespace {

using http::equal_names;

constexpr std::string_view kAllowOrigin = "Access-Control-Allow-Origin";
constexpr std::string_view kAllowCredentials = "Access-Control-Allow-Credentials";

// Fetch §2.2.2: the CORS-safelisted request-header names.
constexpr std::array<std::string_view, 4> kSafelisted{"Accept", "Accept-Language",
                                                      "Content-Language", "Content-Type"};

// By bits: 1 origin, 2 method, 4 headers.
constexpr std::array<std::string_view, 8> kDisallowed{"",
                                                      "Disallowed CORS origin",
                                                      "Disallowed CORS method",
                                                      "Disallowed CORS origin, method",
                                                      "Disallowed CORS headers",
                                                      "Disallowed CORS origin, headers",
                                                      "Disallowed CORS method, headers",
                                                      "Disallowed CORS origin, method, headers"};

std::string join(const std::vector<std::string>& parts) {
    return fmt::format("{}", fmt::join(parts, ", "));
}

[[noreturn]] void refuse_origin(std::string_view origin, std::string_view why) {
    throw std::invalid_argument(fmt::format(
        "cors_origins: expected scheme://host or scheme://host:port, got \"{}\": {}", origin, why));
}

// The host and port of an origin (RFC 6454 §6.2) as a browser sends it; throws for one that it
// never sends.
std::string_view checked_authority(std::string_view origin) {
    if (origin == "null") {
        refuse_origin(origin, "\"null\" is what any sandboxed page and local file sends");
    }
    const auto colon = origin.find("://");
    if (colon == std::string_view::npos || colon == 0) refuse_origin(origin, "it has no scheme");
    const auto authority = origin.substr(colon + 3);
    if (authority.empty()) refuse_origin(origin, "it has no host");
    if (authority.find('/') != std::string_view::npos) refuse_origin(origin, "it has a path");
    if (std::ranges::any_of(origin, [](char c) {
            return (c >= 'A' && c <= 'Z') || c <= ' ' || c > '~' || c == '@' || c == '?' ||
                   c == '#' || c == ',';
        })) {
        refuse_origin(origin, "it has characters that no browser sends in an origin");
    }
    return authority;
}

bool is_preflight(const http::Request& request) noexcept {
    // Fetch §3.2.2: "A CORS-preflight request is a CORS request … using `OPTIONS` as method, and
    // includes `Access-Control-Request-Method`".
    return request.method() == http::Method::options && request.headers().contains("Origin") &&
           request.headers().contains("Access-Control-Request-Method");
}

void check_tokens(const std::vector<std::string>& names, std::string_view option) {
    for (const auto& name : names) {
        if (!http::is_token(name)) {
            throw std::invalid_argument(
                fmt::format("{}: expected a token of RFC 9110, got \"{}\"", option, name));
        }
    }
}

}  // namespace

CORSMiddleware::CORSMiddleware(CORSOptions options) : options_(std::move(options)) {
    for (const std::string& origin : options_.allow_origins) {
        if (origin == "*") {
            any_origin_ = true;
            continue;
        }
        const auto authority = checked_authority(origin);
        const auto star = origin.find('*');
        if (star == std::string::npos) {
            origins_.push_back(origin);
        } else if (authority.starts_with("*.") && origin.rfind('*') == star) {
            wildcards_.push_back({origin.substr(0, star), origin.substr(star + 1)});
        } else {
            refuse_origin(origin, "a * stands alone or for the first names of a host");
        }
    }
    if (any_origin_ && options_.allow_credentials) {
        throw std::invalid_argument(
            "cors_origins: \"*\" and credentials together would let every page act as its "
            "visitor; name the origins");
    }
    check_tokens(options_.allow_methods, "allow_methods");
    check_tokens(options_.allow_headers, "allow_headers");
    check_tokens(options_.expose_headers, "expose_headers");
    if (std::ranges::find(options_.allow_methods, "*") != options_.allow_methods.end()) {
        options_.allow_methods = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"};
    }
    any_header_ = std::ranges::find(options_.allow_headers, "*") != options_.allow_headers.end();
    std::vector<std::string> headers(kSafelisted.begin(), kSafelisted.end());
    for (const auto& name : options_.allow_headers) {
        const bool known = std::ranges::any_of(
            headers, [&](const auto& other) { return equal_names(name, other); });
        if (!known) headers.push_back(name);
    }
    std::ranges::sort(headers);
    methods_text_ = join(options_.allow_methods);
    headers_text_ = join(headers);
    if (options_.allow_credentials) {
        preflight_fields_.add(kAllowCredentials, "true");
        response_fields_.add(kAllowCredentials, "true");
    }
    if (!options_.expose_headers.empty()) {
        response_fields_.add("Access-Control-Expose-Headers", join(options_.expose_headers));
    }
    max_age_text_ = fmt::format("{}", options_.max_age.count());
}

bool CORSMiddleware::allows_origin(std::string_view origin) const noexcept {
    if (origin.empty()) return false;
    if (any_origin_) return true;
    for (const auto& allowed : origins_) {
        if (origin == allowed) return true;
    }
    for (const auto& [scheme, suffix] : wildcards_) {
        if (origin.size() <= scheme.size() + suffix.size()) continue;
        if (!origin.starts_with(scheme) || !origin.ends_with(suffix)) continue;
        const auto names =
            origin.substr(scheme.size(), origin.size() - scheme.size() - suffix.size());
        // What the * stands for is names and nothing else: no user, port or path.
        if (names.find_first_of("/:@?#") == std::string_view::npos) return true;
    }
    return false;
}

bool CORSMiddleware::allows_method(std::string_view method) const noexcept {
    return std::ranges::find(options_.allow_methods, method) != options_.allow_methods.end();
}

bool CORSMiddleware::allows_headers(std::string_view list) const noexcept {
    if (any_header_) return true;
    while (!list.empty()) {
        const auto name = detail::take_member(list);
        const auto is_name = [&](std::string_view other) { return equal_names(name, other); };
        if (!name.empty() && !std::ranges::any_of(kSafelisted, is_name) &&
            !std::ranges::any_of(options_.allow_headers, is_name)) {
            return false;
        }
    }
    return true;
}

http::Decision CORSMiddleware::on_request(http::Exchange& exchange) {
    const http::Request& request = exchange.request;
    if (!is_preflight(request)) return http::Decision::proceed();

    const auto asked_headers = request.header("Access-Control-Request-Headers");
    const unsigned disallowed =
        (allows_origin(request.header("Origin")) ? 0U : 1U) |
        (allows_method(detail::trim(request.header("Access-Control-Request-Method"))) ? 0U : 2U) |
        (allows_headers(asked_headers) ? 0U : 4U);
    if (disallowed != 0) return http::Decision::refuse(exchange, 400, kDisallowed[disallowed]);

    http::Response& response = exchange.response;
    response.status = 200;
    response.set_content_type("text/plain; charset=utf-8");
    response.text() = "OK";
    response.headers.set("Access-Control-Allow-Methods", methods_text_);
    response.headers.set("Access-Control-Max-Age", max_age_text_);
    if (any_header_ && !asked_headers.empty()) {
        response.headers.set("Access-Control-Allow-Headers", asked_headers);
        response.headers.merge("Vary", "Access-Control-Request-Headers");
    } else {
        response.headers.set("Access-Control-Allow-Headers", headers_text_);
    }
    if (options_.allow_private_network &&
        request.header("Access-Control-Request-Private-Network") == "true") {
        response.headers.set("Access-Control-Allow-Private-Network", "true");
    }
    return http::Decision::answer();
}

void CORSMiddleware::on_response(http::Exchange& exchange) {
    http::Headers& headers = exchange.response.headers;
    headers.merge("Vary", "Origin");
    const auto origin = exchange.request.headers().get("Origin");
    if (!origin || !allows_origin(*origin)) return;
    headers.set(kAllowOrigin, any_origin_ ? "*" : *origin);
    headers.set_defaults(is_preflight(exchange.request) ? preflight_fields_ : response_fields_);
}

}  // namespace portico::middleware
