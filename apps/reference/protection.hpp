#pragma once

#include <memory>

#include <portico/guard/guard_middleware.hpp>
#include <portico/guard/security_log.hpp>
#include <portico/logging/logging.hpp>
#include <portico/metrics/registry.hpp>
#include <portico/redis/client.hpp>

#include "settings.hpp"

namespace reference {

/// What protects the application and counts what it does: the guard, its log, the metrics.
class Protection {
public:
    static constexpr bool thread_safe = true;

    /// `redis`, if any, is where instances count together; it must outlive the application. Throws
    /// `std::runtime_error` with a sentence when a file of the guard can't be opened.
    Protection(const Settings& settings, logging::Logging& logging, redis::Client* redis);

    /// Outermost, before anything that answers.
    void add_metrics_to(App& app);
    /// Where the client is known.
    void add_guard_to(App& app);

    /// Opens the log and the databases of the guard anew.
    [[nodiscard]] std::expected<void, std::string> reload();

    [[nodiscard]] metrics::Registry& metrics() const noexcept { return *metrics_; }
    [[nodiscard]] guard::GuardMiddleware& guard() const noexcept { return *guard_; }

private:
    void record(const guard::Event& event);

    std::unique_ptr<metrics::Registry> metrics_;
    std::unique_ptr<guard::SecurityLog> log_;
    std::shared_ptr<guard::GuardMiddleware> guard_;
};

/// While the application serves: the bans of other instances hold here too.
Task<void> follow_bans(App& app, Serving& serving);
/// While it serves: what `portico-api guard dynamic-rules set` says holds.
Task<void> follow_rules(App& app, Serving& serving);

}  // namespace reference
