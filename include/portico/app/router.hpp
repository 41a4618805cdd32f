#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/app/call_next.hpp"
#include "portico/app/exception_table.hpp"
#include "portico/app/path_for.hpp"
#include "portico/app/route.hpp"
#include "portico/app/websocket.hpp"
#include "portico/app/websocket_options.hpp"
#include "portico/http/middleware.hpp"

namespace portico::app {

class Router;
struct RouterNode;

/// What a router adds to each of its routes; also given where a router is included. Prefixes, tags,
/// dependencies and responses are those of the outer router, then of the inner.
struct RouterOptions {
    std::string prefix =
        {};  ///< "/users": begins with "/", does not end with it. May have `{parts}`.
    std::vector<std::string> tags = {};
    std::vector<Dependency> dependencies = {};
    std::vector<ResponseDeclaration> responses = {};
    bool deprecated = false;
    bool include_in_schema = true;
    std::optional<bool> strict_content_type = {};  ///< The innermost that says something counts.
    /// Checks of the guard that are not run for its routes.
    std::vector<std::string> bypass = {};
    /// Whom the guard lets through to its routes; holds for routers in it too.
    http::AccessRules access = {};
    std::vector<OutgoingRequest> callbacks = {};  ///< Of each route, in the document.
    /// Names the operations that no `operation_id` names; the innermost counts, then the
    /// application's.
    std::function<std::string(const Route& route)> generate_unique_id = {};
};

/// Registering routes: what `App` and `Router` have in common.
///
/// A handler is kept once and called by all loops at once, so what it captures must bear that; it
/// may be a function, a lambda with move-only captures, or an object. Where two routes match, the
/// one registered first wins. Mistakes (a path that does not begin with "/", a name twice in one
/// path, …) throw `std::invalid_argument`.
class Routes {
public:
    template <class H>
    void get(PathFor<std::type_identity_t<H>> path, H handler, RouteOptions options = {}) {
        add(http::Method::get, path.text(), endpoint(std::move(handler)), std::move(options));
    }
    template <class H>
    void post(PathFor<std::type_identity_t<H>> path, H handler, RouteOptions options = {}) {
        add(http::Method::post, path.text(), endpoint(std::move(handler)), std::move(options));
    }
    template <class H>
    void put(PathFor<std::type_identity_t<H>> path, H handler, RouteOptions options = {}) {
        add(http::Method::put, path.text(), endpoint(std::move(handler)), std::move(options));
    }
    template <class H>
    void delete_(PathFor<std::type_identity_t<H>> path, H handler, RouteOptions options = {}) {
        add(http::Method::delete_, path.text(), endpoint(std::move(handler)), std::move(options));
    }
    template <class H>
    void patch(PathFor<std::type_identity_t<H>> path, H handler, RouteOptions options = {}) {
        add(http::Method::patch, path.text(), endpoint(std::move(handler)), std::move(options));
    }
    template <class H>
    void options(PathFor<std::type_identity_t<H>> path, H handler, RouteOptions options = {}) {
        add(http::Method::options, path.text(), endpoint(std::move(handler)), std::move(options));
    }
    template <class H>
    void head(PathFor<std::type_identity_t<H>> path, H handler, RouteOptions options = {}) {
        add(http::Method::head, path.text(), endpoint(std::move(handler)), std::move(options));
    }
    template <class H>
    void trace(PathFor<std::type_identity_t<H>> path, H handler, RouteOptions options = {}) {
        add(http::Method::trace, path.text(), endpoint(std::move(handler)), std::move(options));
    }
    /// One handler for several methods.
    template <class H>
    void route(std::initializer_list<http::Method> methods, PathFor<std::type_identity_t<H>> path,
               H handler, RouteOptions options = {}) {
        const Endpoint shared = endpoint(std::move(handler));
        for (const http::Method method : methods) add(method, path.text(), shared, options);
    }

    /// A route for WebSockets: see `WebSocket`. It may have the path of a GET route as well; asked
    /// without an upgrade it is 426 where there is none.
    template <class H>
    void websocket(PathFor<std::type_identity_t<H>> path, H handler,
                   WebSocketOptions options = {}) {
        detail::check_websocket_handler<H>();
        add_websocket(path.text(), endpoint(std::move(handler)), std::move(options));
    }

    /// Adds the routes of a router; those it gets later count too. A router may be included several
    /// times, with other options. Including a router in itself throws `std::invalid_argument`.
    void include(const Router& router, RouterOptions options = {});

    /// A layer around the routes of this router (of the application: around everything). The first
    /// added is the outermost.
    void add_middleware(std::shared_ptr<http::Middleware> middleware);
    /// `app.add_middleware<TrustedHost>(hosts)`
    template <class M, class... A>
    M& add_middleware(A&&... arguments) {
        auto made = std::make_shared<M>(std::forward<A>(arguments)...);
        M& middleware = *made;
        add_middleware(std::shared_ptr<http::Middleware>(std::move(made)));
        return middleware;
    }
    /// A layer as a function: `Task<Response>(Request&, CallNext)`.
    void middleware(MiddlewareFunction function);

    /// Answers exceptions of type E, and of types derived from E that have no handler themselves.
    /// What it returns is answered like a handler's result; a plain value with the exception's own
    /// status (500 where it has none). May be a coroutine, but then not for what the parser
    /// refuses.
    ///
    ///     app.exception_handler<OutOfStock>([](const Request&, const OutOfStock& error) {
    ///         return Status<409, Problem>{error.item};
    ///     });
    template <class E, class H>
    void exception_handler(H handler) {
        add_exception_handler(
            {&detail::ExceptionTableOf<E, H>::kTable, detail::keep(std::move(handler))});
    }

protected:
    explicit Routes(std::shared_ptr<RouterNode> node) noexcept : node_(std::move(node)) {}
    ~Routes() = default;
    Routes(const Routes&) = default;
    Routes(Routes&&) = default;
    Routes& operator=(const Routes&) = default;
    Routes& operator=(Routes&&) = default;

    [[nodiscard]] RouterNode& node() const noexcept { return *node_; }
    [[nodiscard]] std::shared_ptr<RouterNode> node_pointer() const noexcept { return node_; }

private:
    struct Endpoint {
        const FunctionTable* function;
        const AnswerTable* answer;
        std::shared_ptr<void> handler;
    };

    template <class H>
    [[nodiscard]] static Endpoint endpoint(H handler) {
        using Result = typename detail::SignatureType<H>::Result;
        return {&detail::CallObject<H>::kTable, &detail::AnswerOf<Result>::kTable,
                detail::keep(std::move(handler))};
    }

    void add(http::Method method, std::string_view path, Endpoint endpoint, RouteOptions options);
    void add_websocket(std::string_view path, Endpoint endpoint, WebSocketOptions options);
    void add_exception_handler(ExceptionHandler handler);

    std::shared_ptr<RouterNode> node_;
};

/// A group of routes with a common prefix, tags, dependencies, middleware and exception handlers.
/// Copies are the same router.
///
///     Router users{{.prefix = "/users", .tags = {"users"}}};
///     users.get("/me", …);
///     app.include(users);
class Router : public Routes {
public:
    explicit Router(RouterOptions options = {});

private:
    friend class Routes;
};

}  // namespace portico::app
