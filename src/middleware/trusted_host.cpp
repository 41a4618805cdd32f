#include "portico/middleware/trusted_host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace portico::middleware {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool ends_with_name(std::string_view host, std::string_view suffix) noexcept {
    return host.size() > suffix.size() &&
           http::equal_names(host.substr(host.size() - suffix.size()), suffix);
}

std::string_view without_root_dot(std::string_view host) noexcept {
    if (host.size() > 1 && host.ends_with('.')) host.remove_suffix(1);
    return host;
}

// RFC 9110 §7.2: Host = uri-host [ ":" port ]. Nothing for a port that is none.
std::string_view without_port(std::string_view host) noexcept {
    std::size_t end = host.find(':');
    if (host.starts_with('[')) {
        const auto close = host.find(']');
        if (close == std::string_view::npos) return {};
        end = close + 1;
        if (end < host.size() && host[end] != ':') return {};
    }
    if (end >= host.size()) return host;
    const auto port = host.substr(end + 1);
    const bool digits = std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
    return digits && port.size() <= 5 ? host.substr(0, end) : std::string_view();
}

bool is_host_name(std::string_view text) noexcept {
    const auto is_name_char = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    };
    if (text.starts_with('[')) {
        return text.ends_with(']') &&
               http::IpAddress::parse(text.substr(1, text.size() - 2)).has_value();
    }
    return !text.empty() && text.front() != '.' && std::ranges::all_of(text, is_name_char);
}

}  // namespace

TrustedHostMiddleware::TrustedHostMiddleware(TrustedHostOptions options) {
    for (std::string& host : options.allowed_hosts) {
        std::ranges::transform(host, host.begin(), lower);
        if (host == "*") {
            any_ = true;
        } else if (host.starts_with("*.") && is_host_name(std::string_view(host).substr(2))) {
            suffixes_.push_back(host.substr(1));
        } else if (is_host_name(host)) {
            exact_.emplace_back(without_root_dot(host));
        } else {
            throw std::invalid_argument(fmt::format(
                "allowed_hosts: expected a host name, an address ([::1] with brackets), "
                "*.example.com or *, without scheme and port, got \"{}\"",
                host));
        }
    }
}

bool TrustedHostMiddleware::allows(std::string_view host) const noexcept {
    if (any_) return true;
    host = without_root_dot(without_port(host));
    if (host.empty()) return false;
    return std::ranges::any_of(exact_,
                               [&](const auto& name) { return http::equal_names(host, name); }) ||
           std::ranges::any_of(suffixes_,
                               [&](const auto& suffix) { return ends_with_name(host, suffix); });
}

http::Decision TrustedHostMiddleware::on_request(http::Exchange& exchange) {
    if (allows(exchange.request.host())) return http::Decision::proceed();
    return http::Decision::refuse(exchange, 400, "Invalid host header");
}

}  // namespace portico::middleware
