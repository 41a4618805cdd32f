#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "app/pattern.hpp"
#include "app/router_node.hpp"
#include "app/websocket_state.hpp"

namespace portico::app {
namespace {

void note_change(RouterNode& node) {
    if (node.frozen) {
        throw std::logic_error(
            "the application serves already: add routes, routers, middleware and handlers before");
    }
    ++node.version;
}

bool reaches(const RouterNode& from, const RouterNode& wanted) {
    if (&from == &wanted) return true;
    return std::ranges::any_of(from.entries, [&](const auto& entry) {
        const auto* inclusion = std::get_if<Inclusion>(&entry);
        return inclusion != nullptr && reaches(*inclusion->router, wanted);
    });
}

void check_prefix(std::string_view prefix) {
    if (prefix.empty()) return;
    if (!prefix.starts_with('/') || prefix.ends_with('/')) {
        throw std::invalid_argument(fmt::format(
            "router prefix \"{}\": expected a path that begins with \"/\" and does not end with it",
            prefix));
    }
    (void)parse_pattern(prefix);
}

}  // namespace

std::shared_ptr<void> detail::own(void* object, void (*destroy)(void*) noexcept) {
    return {object, destroy};
}

SecurityScopes::SecurityScopes(std::vector<std::string> scopes) : scopes_(std::move(scopes)) {
    for (const auto& scope : scopes_) {
        if (!joined_.empty()) joined_ += ' ';
        joined_ += scope;
    }
}

bool SecurityScopes::granted_by(std::span<const std::string> granted) const noexcept {
    return std::ranges::all_of(scopes_, [&](const std::string& scope) {
        return std::ranges::find(granted, scope) != granted.end();
    });
}

void Routes::add(http::Method method, std::string_view path, Endpoint endpoint,
                 RouteOptions options) {
    note_change(*node_);
    if (method == http::Method::other) {
        throw std::invalid_argument(fmt::format("route \"{}\": no such method", path));
    }
    if (!path.empty()) (void)parse_pattern(path);
    if (options.blocking && endpoint.function->result->task != nullptr) {
        throw std::invalid_argument(
            fmt::format("route \"{}\": a coroutine can't be .blocking: it runs on the loop", path));
    }
    node_->entries.emplace_back(RegisteredRoute{method, std::string(path), endpoint.function,
                                                endpoint.answer, std::move(endpoint.handler),
                                                std::move(options), nullptr});
}

void Routes::add_websocket(std::string_view path, Endpoint endpoint, WebSocketOptions options) {
    check_origins(options.allowed_origins);
    // An OpenAPI document has no WebSockets.
    RouteOptions shared{.tags = options.tags,
                        .name = options.name,
                        .dependencies = options.dependencies,
                        .include_in_schema = false,
                        .require_https = options.require_https,
                        .bypass = options.bypass,
                        .access = options.access};
    add(http::Method::get, path, std::move(endpoint), std::move(shared));
    auto& route = std::get<RegisteredRoute>(node_->entries.back());
    route.websocket = std::make_shared<const WebSocketOptions>(std::move(options));
}

void Routes::include(const Router& router, RouterOptions options) {
    note_change(*node_);
    check_prefix(options.prefix);
    if (reaches(router.node(), *node_)) {
        throw std::invalid_argument("a router can't be included in itself");
    }
    node_->entries.emplace_back(Inclusion{router.node_, std::move(options)});
}

void Routes::add_middleware(std::shared_ptr<http::Middleware> middleware) {
    note_change(*node_);
    node_->layers.push_back({std::move(middleware), nullptr});
}

void Routes::middleware(MiddlewareFunction function) {
    note_change(*node_);
    node_->layers.push_back({nullptr, std::make_shared<MiddlewareFunction>(std::move(function))});
}

void Routes::add_exception_handler(ExceptionHandler handler) {
    note_change(*node_);
    auto& handlers = node_->handlers;
    const auto same = std::ranges::find_if(
        handlers, [&](const auto& other) { return *other.table->type == *handler.table->type; });
    if (same != handlers.end()) {
        *same = std::move(handler);
        return;
    }
    // Before the first that is a base of it, so that the most derived type is asked first.
    const auto base = std::ranges::find_if(handlers, [&](const auto& other) {
        return other.table->is_base_of(handler.table->throw_pointer);
    });
    handlers.insert(base, std::move(handler));
}

Router::Router(RouterOptions options) : Routes(std::make_shared<RouterNode>()) {
    check_prefix(options.prefix);
    node().options = std::move(options);
}

}  // namespace portico::app
