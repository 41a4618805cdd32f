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

/// A route as it is served: `App::routes()` shows the first half, the engine runs the second.
struct CompiledRoute {
    Pattern pattern;
    Plan plan;
    const AnswerTable* answer = nullptr;
    std::vector<Layer> layers;               // outermost first
    std::vector<ExceptionHandler> handlers;  // the nearest router's first, most derived types first
    int status = 200;
    std::unique_ptr<const model::WriteOptions> writing;  // null: models are written as they are
    FormOptions form;
    bool blocking = false;
    bool strict_content_type = true;
    bool no_store = false;  // an answer to credentials
};

/// Everything that is fixed while an application serves.
struct Compiled {
    std::vector<Route> shown;
    std::vector<CompiledRoute> routes;  // the same indices
    RouteTree tree;
    std::vector<Layer> layers;               // where no route matches
    std::vector<ExceptionHandler> handlers;  // where no route matches
    std::map<std::string, std::uint32_t, std::less<>> names;
};

/// Puts the routers' routes together. Throws `std::invalid_argument` for mistakes, with the route.
[[nodiscard]] Compiled compile(const RouterNode& root, const App& app, Overrides& overrides);

/// Fills in what the document shows of a route whose plan is made.
void describe(Route& route, const CompiledRoute& compiled);

}  // namespace portico::app
