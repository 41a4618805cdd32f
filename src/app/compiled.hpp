#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/plan.hpp"
#include "app/route_tree.hpp"
#include "app/router_node.hpp"
#include "portico/app/app.hpp"
#include "portico/model/write_options.hpp"

namespace portico::app {

struct AppImpl;

/// A route as it is served: `App::routes()` shows the first half, the engine runs the second.
struct CompiledRoute {
    AppImpl* owner = nullptr;  // whose state, format and dependencies they are
    Pattern pattern;
    Plan plan;
    const AnswerTable* answer = nullptr;
    std::vector<Layer> layers;               // outermost first
    std::vector<ExceptionHandler> handlers;  // the nearest router's first, most derived types first
    int status = 200;
    std::unique_ptr<const model::WriteOptions> writing;  // null: models are written as they are
    FormOptions form;
    std::shared_ptr<const WebSocketOptions> websocket;  // null: an ordinary route
    bool blocking = false;
    bool strict_content_type = true;
    bool no_store = false;  // an answer to credentials
};

/// An application and those that are mounted in it: what is done where no route matches.
struct Place {
    std::string prefix;
    AppImpl* owner = nullptr;
    std::vector<Layer> layers;
    std::vector<ExceptionHandler> handlers;
};

/// Everything that is fixed while an application serves.
struct Compiled {
    std::vector<Route> shown;
    std::vector<CompiledRoute> routes;  // the same indices
    RouteTree tree;
    std::vector<Place> places;  // the application itself first
    std::map<std::string, std::uint32_t, std::less<>> names;

    /// The innermost application that a path without a route lies in.
    [[nodiscard]] const Place& place_of(std::string_view path) const noexcept;
};

/// The application as the class that a parameter names; null: as `App`.
[[nodiscard]] const void* app_as(const std::type_info* type, const App& app);

/// Puts the routers' routes together, and those of mounted applications. Throws
/// `std::invalid_argument` for mistakes, with the route.
[[nodiscard]] Compiled compile(AppImpl& app);

/// Fills in what the document shows of a route whose plan is made.
void describe(Route& route, const CompiledRoute& compiled);

}  // namespace portico::app
