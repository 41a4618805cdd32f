#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "portico/http/access_rules.hpp"
#include "portico/http/method.hpp"

namespace portico::http {

/// The largest body in bytes that is read where a route says nothing else.
inline constexpr std::size_t kDefaultMaxBody = std::size_t{1024} * 1024;

/// What a matched route asks of the layers around it. A request carries its route's policy from
/// before the first middleware, so that the guard, logs and metrics need no knowledge of routers.
struct RoutePolicy {
    /// The whole template, "/items/{item_id}": the label for logs and metrics, never the raw path.
    std::string path_template;
    std::string name;
    std::vector<std::string> tags;
    /// The largest body in bytes that is read for it.
    std::size_t max_body = kDefaultMaxBody;
    /// The media types that a body may have; empty: any. Others are 415.
    std::vector<std::string> content_types;
    bool require_https = false;
    /// A security scheme is asked: what it answers is for one client alone.
    bool needs_credentials = false;
    /// Names of checks that are not run for it: "rate_limit", "detection", or "all".
    std::vector<std::string> bypass;
    /// Of the routers around it and of itself, outermost first; all of them hold.
    std::vector<std::shared_ptr<const AccessRules>> access;
};

}  // namespace portico::http
