#pragma once

#include <string>
#include <vector>

#include "portico/app/route_options.hpp"
#include "portico/http/websocket.hpp"

namespace portico::app {

/// What a WebSocket route is besides its path and handler. Written in this order.
struct WebSocketOptions {
    std::string name = {};  ///< For `url_for`; made from the path when empty.
    std::vector<std::string> tags = {};
    std::vector<Dependency> dependencies = {};
    /// The pages that may open it, as browsers write them in `Origin`: "https://app.example". "*":
    /// any. Empty: those of the host that is asked. Others are 403; what is no browser sends none.
    std::vector<std::string> allowed_origins = {};
    http::WebSocketLimits limits = {};
    bool require_https = false;
    /// Checks of the guard that are not run: "rate_limit", "detection", "all".
    std::vector<std::string> bypass = {};
    /// Whom the guard lets through to it, and how often it may be opened.
    http::AccessRules access = {};
};

}  // namespace portico::app
