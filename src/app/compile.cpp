#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "app/app_impl.hpp"
#include "app/compiled.hpp"
#include "portico/app/app.hpp"
#include "portico/model/unscanned.hpp"

namespace portico::app {
namespace {

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

void add_access(http::AccessRules rules, std::string scope,
                std::vector<std::shared_ptr<const http::AccessRules>>& to) {
    if (rules.empty()) return;
    rules.scope = std::move(scope);
    to.push_back(std::make_shared<const http::AccessRules>(std::move(rules)));
}

/// What the routers around a route add to it.
struct Surroundings {
    std::string prefix;
    std::vector<std::string> tags;
    std::vector<Dependency> dependencies;
    std::vector<ResponseDeclaration> responses;
    bool deprecated = false;
    bool include_in_schema = true;
    bool strict_content_type = true;
    std::vector<std::string> bypass;
    std::vector<std::shared_ptr<const http::AccessRules>> access;
    std::vector<OutgoingRequest> callbacks;
    std::function<std::string(const Route& route)> generate_unique_id;
    std::vector<Layer> layers;
    std::vector<ExceptionHandler> handlers;

    void enter(const RouterOptions& options) {
        prefix += options.prefix;
        for (const auto& tag : options.tags) {
            if (std::ranges::find(tags, tag) == tags.end()) tags.push_back(tag);
        }
        append(dependencies, options.dependencies);
        append(responses, options.responses);
        deprecated = deprecated || options.deprecated;
        include_in_schema = include_in_schema && options.include_in_schema;
        strict_content_type = options.strict_content_type.value_or(strict_content_type);
        append(bypass, options.bypass);
        add_access(options.access, fmt::format("{}#{}", prefix, access.size()), access);
        append(callbacks, options.callbacks);
        if (options.generate_unique_id) generate_unique_id = options.generate_unique_id;
    }
    void enter(const RouterNode& router) {
        append(layers, router.layers);
        handlers.insert(handlers.begin(), router.handlers.begin(), router.handlers.end());
    }
};

/// "get_items_item_id", "websocket_rooms_room"
std::string default_name(const Route& route) {
    const std::string_view path = route.path;
    std::string name(route.websocket ? "websocket" : http::to_string(route.method));
    for (char& c : name) c = static_cast<char>(c | 0x20);
    bool gap = true;
    for (const char c : path) {
        const bool word =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!word) {
            gap = true;
            continue;
        }
        if (gap) name += '_';
        gap = false;
        name += c;
    }
    return name;
}

void check_parts(const Plan& plan, const Pattern& pattern) {
    for (const PlanNode& node : plan.nodes) {
        for (const Binding& binding : node.bindings) {
            if (binding.table->source != Source::path) continue;
            const std::string_view name = binding.table->name;
            if (std::ranges::find(pattern.names, name) == pattern.names.end()) {
                throw std::invalid_argument(fmt::format(
                    "a Path<…, \"{}\"> is asked for, but the path has no {{{}}}", name, name));
            }
        }
    }
}

void check_kind(const Plan& plan, bool is_websocket) {
    const bool takes_websocket = plan.websocket_offset != Plan::kNowhere;
    if (takes_websocket && !is_websocket) {
        throw std::invalid_argument(
            "its handler or a dependency takes a WebSocket, which only routes of app.websocket "
            "have");
    }
    if (!is_websocket) return;
    if (!takes_websocket) {
        throw std::invalid_argument("its handler takes no WebSocket: it could not accept one");
    }
    if (!plan.body.empty()) {
        throw std::invalid_argument(
            "a WebSocket handshake has no body: read messages with socket.receive_json<T>()");
    }
}

model::WriteOptions write_options(const RouteOptions& options) {
    return {.include = options.response_model_include,
            .exclude = options.response_model_exclude,
            .by_alias = options.response_model_by_alias,
            .exclude_defaults = options.response_model_exclude_defaults,
            .exclude_none = options.response_model_exclude_none};
}

/// The parameters and members that may hold anything by right.
std::vector<std::string> unscanned_of(const Route& route) {
    std::vector<std::string> names;
    const auto add = [&](const std::string& name, const model::Slot& slot) {
        if (slot.type == nullptr) return;
        if (!name.empty() && model::is_unscanned(slot)) names.push_back(name);
        append(names, model::unscanned_names(*slot.type));
    };
    for (const RouteParameter& parameter : route.parameters) add(parameter.name, parameter.slot);
    for (const RouteBody& body : route.bodies) add(body.name, body.slot);
    return names;
}

/// What is wrong with a model is found now, not in a request.
void prepare_models(const Route& route, const CompiledRoute& compiled) {
    const auto prepare = [](model::Slot slot) {
        if (slot.type != nullptr) model::prepare(slot);
    };
    for (const PlanNode& node : compiled.plan.nodes) {
        for (const Binding& binding : node.bindings) prepare(binding.slot);
    }
    for (const RouteResponse& response : route.responses) prepare(response.slot);
    for (const ExceptionHandler& handler : route.exception_handlers) {
        const AnswerTable* answer = handler.table->answer;
        for (; answer != nullptr; answer = answer->other) {
            if (answer->slot != nullptr) prepare(answer->slot());
        }
    }
}

class Compiler {
public:
    explicit Compiler(AppImpl& served) : served_(served), owner_(&served) {}

    /// `outer`: the layers of the applications that this one is mounted in.
    void add_application(AppImpl& owner, const std::string& prefix, std::vector<Layer> outer) {
        Surroundings around;
        around.prefix = prefix;
        around.dependencies = owner.options.dependencies;
        around.responses = owner.options.responses;
        around.strict_content_type = owner.options.strict_content_type;
        around.include_in_schema = &owner == &served_;  // it has a document of its own
        around.layers = outer;
        append(outer, owner.root->layers);
        done.places.push_back({prefix, &owner, outer, owner.root->handlers});
        owner_ = &owner;
        walk(*owner.root, std::move(around));
        for (const auto& [mounted_at, application] : owner.mounts) {
            add_application(*application, prefix + mounted_at, outer);
        }
    }

    Compiled done;

private:
    void walk(const RouterNode& router, Surroundings around) {
        around.enter(router.options);
        around.enter(router);
        for (const auto& entry : router.entries) {
            if (const auto* inclusion = std::get_if<Inclusion>(&entry)) {
                Surroundings inner = around;
                inner.enter(inclusion->options);
                walk(*inclusion->router, std::move(inner));
            } else {
                add(std::get<RegisteredRoute>(entry), around);
            }
        }
    }

    void add(const RegisteredRoute& registered, const Surroundings& around) {
        const std::string path = around.prefix + registered.path;
        try {
            add_route(registered, around, path);
        } catch (const std::logic_error& error) {  // of models too
            const std::string_view what = error.what();
            if (what.starts_with("route \"")) throw;
            throw std::invalid_argument(
                fmt::format("route {} \"{}\": {}", http::to_string(registered.method), path, what));
        }
    }

    void add_route(const RegisteredRoute& registered, const Surroundings& around,
                   const std::string& path) {
        if (path.empty())
            throw std::invalid_argument("neither the route nor its router has a path");
        CompiledRoute compiled;
        compiled.owner = owner_;
        compiled.pattern = parse_pattern(path);
        compiled.answer = registered.answer;
        compiled.layers = around.layers;
        compiled.handlers = around.handlers;
        if (registered.options.status_code != 0) compiled.status = registered.options.status_code;
        if (auto writing = write_options(registered.options); writing != model::WriteOptions()) {
            compiled.writing = std::make_unique<const model::WriteOptions>(std::move(writing));
        }

        Route route;
        route.method = registered.method;
        route.websocket = registered.websocket != nullptr;
        route.path = compiled.pattern.shown;
        route.options = registered.options;
        route.exception_handlers = around.handlers;
        route.options.tags = around.tags;
        for (const auto& tag : registered.options.tags) {
            if (std::ranges::find(route.options.tags, tag) == route.options.tags.end()) {
                route.options.tags.push_back(tag);
            }
        }
        route.options.dependencies = around.dependencies;
        append(route.options.dependencies, registered.options.dependencies);
        route.options.responses = around.responses;
        append(route.options.responses, registered.options.responses);
        route.options.callbacks = around.callbacks;
        append(route.options.callbacks, registered.options.callbacks);
        route.options.deprecated = registered.options.deprecated || around.deprecated;
        route.options.include_in_schema =
            registered.options.include_in_schema && around.include_in_schema;
        if (route.options.name.empty()) {
            route.options.name = default_name(route);
        }

        compiled.plan = make_plan(*registered.function, registered.handler,
                                  route.options.dependencies, owner_->overrides);
        check_parts(compiled.plan, compiled.pattern);
        check_kind(compiled.plan, route.websocket);
        compiled.websocket = registered.websocket;
        compiled.form = registered.options.form;
        compiled.strict_content_type =
            registered.options.strict_content_type.value_or(around.strict_content_type);
        compiled.blocking = registered.options.blocking;
        compiled.no_store = registered.options.no_store && compiled.plan.secured;
        set_policy(route, around);
        route.policy.needs_credentials = compiled.plan.secured;
        describe(route, compiled);
        add_access({.unscanned_fields = unscanned_of(route)}, {}, route.policy.access);
        if (route.options.operation_id.empty() && around.generate_unique_id) {
            route.options.operation_id = around.generate_unique_id(route);
        }
        prepare_models(route, compiled);

        const auto index = static_cast<std::uint32_t>(done.routes.size());
        done.tree.add(compiled.pattern,
                      route.websocket ? RouteTree::kWebSocket : RouteTree::slot_of(route.method),
                      index);
        if (owner_ == &served_) done.names.try_emplace(route.options.name, index);
        done.shown.push_back(std::move(route));
        done.routes.push_back(std::move(compiled));
    }

    void set_policy(Route& route, const Surroundings& around) const {
        const RouteOptions& options = route.options;
        route.policy.path_template = route.path;
        route.policy.name = options.name;
        route.policy.tags = options.tags;
        route.policy.max_body = options.max_body != 0 ? options.max_body : owner_->options.max_body;
        route.policy.content_types = options.content_types;
        route.policy.require_https = options.require_https;
        route.policy.bypass = around.bypass;
        append(route.policy.bypass, options.bypass);
        route.policy.access = around.access;
        add_access(options.access, fmt::format("{} {}", http::to_string(route.method), route.path),
                   route.policy.access);
    }

    AppImpl& served_;
    AppImpl* owner_;
};

/// `const SecurityScopes&` and `const App&` lie at fixed places.
void fix_arguments(Compiled& compiled) {
    for (CompiledRoute& route : compiled.routes) {
        const App& app = route.owner->app;
        for (PlanNode& node : route.plan.nodes) {
            for (std::size_t i = 0; i < node.arguments.size(); ++i) {
                const Source source = node.bindings[i].table->source;
                if (source == Source::scopes) node.arguments[i].fixed = &node.scopes;
                if (source == Source::app) {
                    node.arguments[i].fixed = app_as(node.bindings[i].table->type, app);
                }
            }
        }
    }
}

/// "/sub" and "/sub/x" do, "/subway" does not.
bool lies_below(std::string_view path, std::string_view prefix) {
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

}  // namespace

const void* app_as(const std::type_info* type, const App& app) {
    if (type == nullptr) return &app;
    if (*type != typeid(app)) {
        throw std::invalid_argument(
            "a handler takes its application as another class than the application is of");
    }
    return dynamic_cast<const void*>(&app);
}

const Place& Compiled::place_of(std::string_view path) const noexcept {
    const Place* innermost = &places.front();
    for (const Place& place : places) {
        if (place.prefix.size() <= innermost->prefix.size()) continue;
        if (lies_below(path, place.prefix)) innermost = &place;
    }
    return *innermost;
}

Compiled compile(AppImpl& app) {
    for (auto& [dependency, replacement] : app.overrides) replacement.used = false;
    Compiler compiler(app);
    compiler.add_application(app, {}, {});
    for (const auto& [dependency, replacement] : app.overrides) {
        if (replacement.used) continue;
        throw std::invalid_argument(fmt::format(
            "the override of {} matches no route: nothing depends on it", name_of(*dependency)));
    }
    fix_arguments(compiler.done);
    return std::move(compiler.done);
}

}  // namespace portico::app
