#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <typeindex>
#include <vector>

#include "app/app_values.hpp"
#include "app/background_runs.hpp"
#include "app/compiled.hpp"
#include "app/lifespan_run.hpp"
#include "portico/app/app.hpp"

namespace portico::app {

/// Loops of one server; fixed, so that one loop's start moves no other loop's values.
inline constexpr std::size_t kMostLoops = 1024;

/// What makes the `PerLoop<T>` of one type, and those that are made, by the index of the loop.
struct PerLoopValues {
    std::move_only_function<std::shared_ptr<void>()> make;
    std::vector<std::shared_ptr<void>> values = std::vector<std::shared_ptr<void>>(kMostLoops);
    std::vector<void*> pointers = std::vector<void*>(kMostLoops);  // what arguments read
};

struct Mount {
    std::string prefix;
    AppImpl* application;
};

struct AppImpl {
    explicit AppImpl(App& owner, AppOptions its_options);

    /// Compiles when something has changed since the last time.
    void prepare();
    /// Counts changes of routes, states and overrides, of mounted applications too.
    [[nodiscard]] std::size_t version() const;
    /// Points `State<T>`, `PerLoop<T>` and `Depends<f, Caching::per_application>` arguments at
    /// their values. Throws where there is none.
    void resolve_states();
    void check_change() const;
    [[nodiscard]] core::Executors& executors();
    void report(const http::Request* request, std::exception_ptr error) const noexcept;

    /// The path with or without its last slash, when that is a route: what to redirect to.
    [[nodiscard]] std::optional<std::string> other_slash(const http::Request& request) const;

    /// Makes the values of the application and starts those that are mounted, when its lifespan has
    /// begun. The first failure ends them, and the lifespan.
    [[nodiscard]] core::Task<void> start_parts(core::Reactor& reactor);
    [[nodiscard]] core::Task<void> stop_mounts();

    App& app;
    AppOptions options;
    std::shared_ptr<RouterNode> root;
    Compiled compiled;
    std::size_t compiled_version = SIZE_MAX;
    Overrides overrides;
    std::size_t change_count = 0;  // of overrides and states
    std::map<std::type_index, std::shared_ptr<void>> states;
    std::map<std::type_index, PerLoopValues> per_loop;
    std::once_flag executors_made;
    std::unique_ptr<core::Executors> executor_threads;
    BackgroundRuns background;
    Lifespan lifespan;
    AppValues values;
    std::vector<Mount> mounts;
    AppImpl* mounted_in = nullptr;
    bool started = false;
    bool changes_allowed = false;
    std::mutex loops_mutex;
};

/// "GET, HEAD, POST": the methods of a path's slots, HEAD wherever there is GET (RFC 9110 §10.2.1).
[[nodiscard]] std::string allowed_methods(std::uint32_t slots);

}  // namespace portico::app
