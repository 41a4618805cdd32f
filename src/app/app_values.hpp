#pragma once

#include <map>
#include <memory>
#include <vector>

#include "app/plan.hpp"
#include "portico/core/context.hpp"
#include "portico/core/outcome.hpp"
#include "portico/core/task.hpp"

namespace portico::app {

struct AppImpl;

/// The values of `Depends<f, Caching::per_application>`: made at the start, each after what it
/// depends on, finished and destroyed at the stop, the last made first.
class AppValues {
public:
    AppValues();
    ~AppValues();
    AppValues(const AppValues&) = delete;
    AppValues& operator=(const AppValues&) = delete;

    /// Makes what the application's own routes ask for.
    [[nodiscard]] core::Task<void> make(AppImpl& app, core::Reactor& reactor);
    /// Null: not made.
    [[nodiscard]] const void* find(const DependencyTable& dependency) const noexcept;
    /// What a `finish` throws goes to the application's `on_error`.
    [[nodiscard]] core::Task<void> finish(AppImpl& app, core::Outcome outcome);

private:
    class NoRequest;
    struct Made {
        const ResultTable* value;
        void* at;
    };

    [[nodiscard]] core::Task<const void*> make_one(AppImpl& app, const DependencyTable& dependency,
                                                   bool original);
    void destroy_all() noexcept;

    std::unique_ptr<NoRequest> request_;
    std::map<const DependencyTable*, const void*> values_;
    std::vector<Made> made_;
};

}  // namespace portico::app
