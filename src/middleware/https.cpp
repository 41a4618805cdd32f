#include "portico/middleware/https.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "portico/http/media_type.hpp"

namespace portico::middleware {
namespace {

bool is_page_view(const http::Request& request) noexcept {
    if (request.method() != http::Method::get && request.method() != http::Method::head) {
        return false;
    }
    const auto& headers = request.headers();
    return !headers.contains("Authorization") && !headers.contains("Cookie") &&
           http::names_media_type(headers.value_or_empty("Accept"), "text/html");
}

std::string_view without_port(std::string_view host) noexcept {
    const auto bracket = host.rfind(']');
    const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return host.substr(0, colon);
}

}  // namespace

HttpsMiddleware::HttpsMiddleware(HttpsOptions options) : options_(std::move(options)) {}

bool HttpsMiddleware::is_required(const http::Request& request) const noexcept {
    const auto* route = request.route();
    if (route != nullptr && route->require_https) return true;
    return options_.everywhere &&
           std::ranges::find(options_.exempt_paths, request.path()) == options_.exempt_paths.end();
}

http::Decision HttpsMiddleware::on_request(http::Exchange& exchange) {
    const http::Request& request = exchange.request;
    if (request.is_https() || !is_required(request)) return http::Decision::proceed();
    if (request.host().empty() || !is_page_view(request)) {
        return http::Decision::refuse(exchange, 403);
    }

    std::string location("https://");
    location += without_port(request.host());
    if (options_.port != 443) location += ':' + std::to_string(options_.port);
    location += request.raw_path();
    if (!request.raw_query().empty()) {
        location += '?';
        location += request.raw_query();
    }
    exchange.response = http::redirect(location, 307);
    return http::Decision::answer();
}

}  // namespace portico::middleware
