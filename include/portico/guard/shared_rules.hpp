#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "portico/core/task.hpp"
#include "portico/guard/config.hpp"
#include "portico/redis/client.hpp"

namespace portico::guard {

/// Members of the configuration that hold on all instances at once, in Redis: one object of JSON,
/// as in `Config::dynamic_rules_file`, and a channel on which every change of it is told.
///
/// The guard uses it where `Config::dynamic_rules_redis` says so. By itself it is for tools; the
/// functions that are awaited throw what `redis::Client` throws. The client must outlive it.
/// Thread-safe.
///
///     SharedRules rules{client, config.redis_prefix};
///     auto set = co_await rules.set(config, R"({"emergency_mode": true})");
///     if (!set) …  // set.error() names every fault
class SharedRules {
public:
    SharedRules(redis::Client& client, const std::string& prefix);

    /// What holds now; "{}": nothing.
    [[nodiscard]] core::Task<std::string> get();
    /// Takes the place of what is there, on every instance within one round trip of each. An error,
    /// with every fault, where `config` can't be changed so; then nothing changes.
    [[nodiscard]] core::Task<std::expected<void, std::string>> set(Config config, std::string json);

    /// Tells what holds, at first and whenever it changes, until the task ends; on the loop that
    /// it is awaited on.
    [[nodiscard]] core::Task<void> follow(std::function<void(std::string_view json)> on_change,
                                          core::Task<void> until);

private:
    [[nodiscard]] core::Task<void> tell(std::function<void(std::string_view json)> on_change);

    redis::Client& client_;
    std::string key_;  ///< The channel's name too.
};

}  // namespace portico::guard
