#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "portico/app/exception_table.hpp"
#include "portico/app/route_options.hpp"
#include "portico/http/method.hpp"
#include "portico/http/route_policy.hpp"

namespace portico::app {

/// A parameter as the document shows it; a struct's members are one each.
struct RouteParameter {
    Source in = Source::query;  ///< path, query, header or cookie.
    std::string name;           ///< As it is sent: "x-request-id", "item_id".
    model::Slot slot;
    bool required = false;
    std::string default_json;  ///< Empty: none.
};

/// A part of the request's body.
struct RouteBody {
    Source in = Source::body;  ///< body (JSON) or form.
    std::string name;          ///< Its key; empty: it is the whole body.
    model::Slot slot;
    bool required = false;
    std::string default_json;
};

/// One way to be let in: all of a route's requirements of one scheme.
struct SecurityRequirement {
    const SecurityScheme* scheme = nullptr;
    std::vector<std::string> scopes;
};

/// A response that a route is known to give.
struct RouteResponse {
    int status = 200;
    std::string description;  ///< Empty: the document's default.
    model::Slot slot;         ///< Type null: no JSON body.
    std::string media_type;   ///< Empty: none.
    bool streamed = false;    ///< The body is a sequence of what `slot` describes.
};

/// A route of the application as it is served: what the document, logs and tools read. Prefixes,
/// tags, dependencies and responses of its routers are merged in. Valid until routes change.
struct Route {
    http::Method method = http::Method::get;
    bool websocket = false;  ///< Of those that ask for a WebSocket, not of ordinary requests.
    std::string path;        ///< "/files/{file_path}": without converters.
    http::RoutePolicy policy;
    RouteOptions options;
    std::vector<RouteParameter> parameters;  ///< path, query, header, cookie; each once.
    std::vector<RouteBody> bodies;
    std::string body_media_type;  ///< Of `bodies`.
    std::vector<SecurityRequirement> security;
    std::vector<RouteResponse> responses;  ///< The handler's own first, then declared ones.
    bool validates = false;                ///< May answer 422.
    /// Of its routers and the application, in the order in which they are asked.
    std::vector<ExceptionHandler> exception_handlers;
};

}  // namespace portico::app
