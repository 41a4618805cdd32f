#pragma once

#include <optional>

#include "portico/app/websocket_options.hpp"
#include "portico/http/exchange.hpp"
#include "portico/http/websocket.hpp"

namespace portico::app {

struct Scope;

/// What the copies of a `WebSocket` have in common; lies in the request's block.
struct WebSocketState {
    Scope& scope;
    http::WebSocketChannel* channel = nullptr;  // null: not accepted yet
    std::optional<http::Response> denial = {};
    std::optional<std::string> refusal = {};  // closed before it was accepted
};

/// Throws where the route of a handshake may not be opened: RFC 6455 §4.2.1, and the origin.
void check_websocket(const http::Request& request, const WebSocketOptions& options);

/// Throws `std::invalid_argument` for what is no origin.
void check_origins(const std::vector<std::string>& origins);

}  // namespace portico::app
