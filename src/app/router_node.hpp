#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "portico/app/router.hpp"

namespace portico::app {

/// A layer of middleware: an object, or a function.
struct Layer {
    std::shared_ptr<http::Middleware> object;
    std::shared_ptr<MiddlewareFunction> function;
};

/// A route as it was registered, before the prefixes and options of its routers.
struct RegisteredRoute {
    http::Method method;
    std::string path;
    const FunctionTable* function;
    const AnswerTable* answer;
    std::shared_ptr<void> handler;
    RouteOptions options;
    std::shared_ptr<const WebSocketOptions> websocket;  // null: an ordinary route
};

struct Inclusion {
    std::shared_ptr<RouterNode> router;
    RouterOptions options;
};

/// What a `Router`, and the root of an `App`, is made of.
struct RouterNode {
    RouterOptions options;
    std::vector<std::variant<RegisteredRoute, Inclusion>> entries;  // in order of registration
    std::vector<Layer> layers;
    std::vector<ExceptionHandler> handlers;  // the most derived types first
    /// Counts changes, so that an application knows when to compile anew.
    std::size_t version = 0;
    bool frozen = false;  // serving: changes are refused
};

}  // namespace portico::app
