#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <typeindex>
#include <utility>
#include <vector>

#include "portico/app/exceptions.hpp"
#include "portico/app/lifespan.hpp"
#include "portico/app/router.hpp"
#include "portico/core/executor.hpp"
#include "portico/http/exchange.hpp"

namespace portico::app {

struct AppImpl;

/// How errors are written that no exception handler answers.
enum class ErrorFormat {
    fastapi,       ///< `{"detail": …}`, `application/json`.
    problem_json,  ///< RFC 9457, `application/problem+json`.
};

struct Contact {
    std::string name = {};
    std::string url = {};
    std::string email = {};
};
struct License {
    std::string name = {};
    std::string identifier = {};  ///< SPDX; or `url`, not both.
    std::string url = {};
};
struct TagDescription {
    std::string name = {};
    std::string description = {};
    ExternalDocs external_docs = {};
};
struct ServerDescription {
    std::string url = {};
    std::string description = {};
};

/// What an application is. Written in this order.
struct AppOptions {
    std::string title = "Portico";
    std::string summary = {};
    std::string description = {};  ///< Markdown.
    std::string version = "0.1.0";
    std::string terms_of_service = {};
    Contact contact = {};
    License license = {};
    std::vector<TagDescription> tags = {};  ///< Their order in the docs, and what they mean.
    std::vector<ServerDescription> servers = {};
    ExternalDocs external_docs = {};
    std::vector<OutgoingRequest> webhooks = {};  ///< `webhook<Body>(name)`
    /// Empty: no document and no docs pages. Where it ends in ".json", the same is served as
    /// "….yaml", and for tools that know OpenAPI 3.0 only as "…-3.0.json".
    std::string openapi_url = "/openapi.json";
    std::string docs_url = "/docs";      ///< Swagger UI; empty: no such page.
    std::string redoc_url = "/redoc";    ///< ReDoc; empty: no such page.
    std::string scalar_url = "/scalar";  ///< Scalar; empty: no such page.
    /// A model that is sent and answered is two schemas in the document where they differ: what has
    /// a default is not required of who sends, and always in what is answered.
    bool separate_input_output_schemas = true;
    /// The path under which a proxy shows the application, "/api": put before what `url_for` and
    /// redirects give.
    std::string root_path = {};
    bool root_path_in_servers = true;  ///< The document names it as its first server.
    /// Names the operations that no `operation_id` names; null: of the route's name and method.
    std::function<std::string(const Route& route)> generate_unique_id = {};
    ErrorFormat error_format = ErrorFormat::fastapi;
    /// Answers "/items/" where only "/items" is a route with a redirect (307), and vice versa.
    bool redirect_slashes = true;
    std::size_t max_body = 1024 * 1024;  ///< Bytes, for routes that do not say otherwise.
    /// A body that does not say that it is JSON is not read as JSON (422): else a page of another
    /// site could send one without a preflight. False: one without a Content-Type is.
    bool strict_content_type = true;
    std::vector<Dependency> dependencies = {};  ///< Of every route.
    std::vector<ResponseDeclaration> responses = {};
    /// How many hooks, jobs and background tasks a stop waits for: this long, then they are left.
    std::chrono::milliseconds shutdown_timeout = std::chrono::seconds(30);
    /// Told of every exception that becomes a 500 or cuts a streamed response, and of those of
    /// background tasks and jobs (then `request` is null). Runs on the loop; must not throw.
    std::function<void(const http::Request* request, std::exception_ptr error)> on_error = {};
};

/// An application: routes, and what is around them. See docs/tutorial.md.
///
///     App app{{.title = "Shop"}};
///     app.get("/hello/{name}", [](Path<std::string, "name"> name) { return "Hello " + *name; });
///     return run(app, argc, argv);
///
/// Routes, middleware, handlers, states and overrides are set before it serves; later changes throw
/// `std::logic_error` (a `TestClient` takes them between requests). It serves all loops at once.
class App : public Routes, public http::Handler {
public:
    explicit App(AppOptions options = {});
    ~App() override;
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    [[nodiscard]] const AppOptions& options() const noexcept;
    [[nodiscard]] AppOptions& options() noexcept;
    using Routes::options;

    // ---- what handlers share

    /// Keeps a value for `State<T>`, one for each type; gives the kept value.
    template <class T>
    T& state(T value) {
        return *static_cast<T*>(keep_state(typeid(T), detail::keep(std::move(value))));
    }
    template <class T>
    T& state(std::unique_ptr<T> value) {
        return *static_cast<T*>(
            keep_state(typeid(T), detail::own(value.release(), &detail::delete_object<T>)));
    }
    template <class T>
    T& state(std::shared_ptr<T> value) {
        return *static_cast<T*>(keep_state(typeid(T), std::move(value)));
    }
    /// What `state` kept; null when nothing of that type.
    template <class T>
    [[nodiscard]] T* state() const noexcept {
        return static_cast<T*>(find_state(typeid(T)));
    }

    /// `make()` is called on each loop when it starts, and gives that loop's T for `PerLoop<T>`.
    template <class F>
    void per_loop(F make) {
        using T = std::invoke_result_t<F&>;
        add_per_loop(typeid(T), [make = std::move(make)]() mutable -> std::shared_ptr<void> {
            return detail::keep<T>(make());
        });
    }

    /// The threads for work that blocks: `co_await app.executors().blocking.run(f)`.
    [[nodiscard]] core::Executors& executors();

    // ---- applications in it

    /// Serves `application` below `prefix` ("/v2"): with its own document and pages, states,
    /// lifespan (started after this one's, stopped before), error format, exception handlers and
    /// dependencies, inside the middleware of this application. Its routes are asked after this
    /// one's; its `root_path` becomes this one's and `prefix`. It must outlive this application
    /// and be mounted once. Throws `std::invalid_argument`.
    void mount(std::string prefix, App& application);

    // ---- dependencies in tests

    /// Puts `replacement` in the place of dependency f on every route: a function or object with
    /// the same result, with its own dependencies, of which f itself is the original. One that no
    /// route depends on is an error at the start (`std::invalid_argument`).
    template <auto& F, class R>
    void override(R replacement) {
        using Given = typename detail::SignatureType<R>::Result;
        static_assert(std::is_same_v<std::remove_cvref_t<typename detail::Awaited<Given>::Type>,
                                     std::remove_cvref_t<detail::DependencyValue<F>>>,
                      "an override of another type: it must return what the dependency returns");
        static_assert(
            std::is_reference_v<typename detail::Awaited<Given>::Type> ==
                detail::kGivesReference<F>,
            "an override must return a reference exactly where the dependency returns one");
        add_override(detail::kDependency<F>, detail::CallObject<R>::kTable,
                     detail::keep(std::move(replacement)));
    }
    void clear_overrides();

    // ---- the life of the application

    /// Called before the first request, in order; `void` or `Task<void>`, with `App&` or without.
    template <class Self, class F>
    void on_startup(this Self& app, F hook) {
        app.add_startup(wrap_hook<Self>(std::move(hook)));
    }
    /// Called after the last request, the last added first.
    template <class Self, class F>
    void on_shutdown(this Self& app, F hook) {
        app.add_shutdown(wrap_hook<Self>(std::move(hook)));
    }
    /// Both in one coroutine, `Task<void>(App&, Serving&)`: see `Serving`.
    template <class Self, class F>
    void lifespan(this Self& app, F function) {
        static_assert(std::is_invocable_r_v<core::Task<void>, F&, Self&, Serving&>,
                      "a lifespan function is Task<void>(App&, Serving&)");
        app.add_lifespan([function = std::move(function)](App& base, Serving& serving) mutable {
            return function(static_cast<Self&>(base), serving);
        });
    }
    /// Runs `job` every `period` while the application serves, on the first loop, first after one
    /// period, never twice at once; what it throws goes to `on_error`.
    template <class Self, class F>
    void every(this Self& app, std::chrono::nanoseconds period, F job) {
        app.add_job(period, wrap_hook<Self>(std::move(job)));
    }

    /// Runs the startup hooks on the first loop; throws what they throw, and
    /// `std::invalid_argument` for a mistake in the routes. For servers and test clients.
    [[nodiscard]] core::Task<void> startup();
    /// Stops jobs, waits for background tasks, runs the shutdown hooks.
    [[nodiscard]] core::Task<void> shutdown();

    // ---- looking at it

    /// Checks and compiles the routes, when they have changed. Throws `std::invalid_argument`.
    void prepare();
    /// Every route that is served, in the order of matching. Valid until routes change.
    [[nodiscard]] std::span<const Route> routes();

    /// The path of the route of that name with its parts filled in (percent-encoded), after
    /// `root_path`. Throws `std::invalid_argument` for an unknown name, or a missing or unknown
    /// part.
    ///
    ///     app.url_for("read_item", {{"item_id", "7"}})   // "/items/7"
    [[nodiscard]] std::string url_for(
        std::string_view name,
        std::initializer_list<std::pair<std::string_view, std::string_view>> parts = {}) const;

    /// For test clients: changes between requests are allowed, `prepare` takes them up.
    void allow_changes(bool allowed) noexcept;

    // ---- http::Handler
    void match(http::Exchange& exchange) noexcept override;
    void handle(http::Exchange& exchange) noexcept override;
    void refuse(http::Exchange& exchange, http::Refusal refusal) noexcept override;
    void stream_failed(http::Exchange& exchange, std::exception_ptr error) noexcept override;
    void loop_started(core::Reactor& reactor) override;
    void loop_stopped(core::Reactor& reactor) override;

private:
    /// `Self` is the class that the hook was given to, so that it takes that one.
    template <class Self, class F>
    [[nodiscard]] static LifespanHook wrap_hook(F hook) {
        const auto call = [](F& function, App& app) -> decltype(auto) {
            if constexpr (std::is_invocable_v<F&, Self&>) {
                return function(static_cast<Self&>(app));
            } else {
                static_assert(std::is_invocable_v<F&>,
                              "a hook or job is a function that takes App& or nothing");
                return function();
            }
        };
        if constexpr (std::is_void_v<decltype(call(hook, std::declval<App&>()))>) {
            return [hook = std::move(hook), call](App& app) mutable -> core::Task<void> {
                call(hook, app);
                co_return;
            };
        } else {
            return [hook = std::move(hook), call](App& app) mutable { return call(hook, app); };
        }
    }

    void* keep_state(std::type_index type, std::shared_ptr<void> value);
    [[nodiscard]] void* find_state(std::type_index type) const noexcept;
    void add_per_loop(std::type_index type, std::move_only_function<std::shared_ptr<void>()> make);
    void add_override(const DependencyTable& original, const FunctionTable& function,
                      std::shared_ptr<void> object);
    void add_lifespan(LifespanFunction function);
    void add_startup(LifespanHook hook);
    void add_shutdown(LifespanHook hook);
    void add_job(std::chrono::nanoseconds period, LifespanHook job);

    std::unique_ptr<AppImpl> impl_;
};

}  // namespace portico::app
