#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "guard/limits.hpp"
#include "portico/core/keyed_hash.hpp"
#include "portico/core/task.hpp"
#include "portico/redis/client.hpp"

namespace portico::guard {

/// The limits of all instances together, counted in Redis: as `core::SlidingWindow` and
/// `core::Gcra` do, by Redis's clock, in one round trip for all limits of a request.
///
/// What is over the limit here is over it everywhere, so Redis is not asked; nor is it for a client
/// that it has refused, until that may change.
class SharedLimits {
public:
    SharedLimits(redis::Client& client, std::string prefix);

    /// While Redis is away, what this instance has counted decides: all that passes is counted here
    /// too.
    [[nodiscard]] core::Task<LimitStatus> acquire(const LimitGroup& group,
                                                  const http::Request& request,
                                                  http::IpAddress client);

private:
    using TimePoint = core::SlidingWindow::TimePoint;

    /// A client that Redis has refused.
    struct Refusal {
        core::Fingerprint key;
        TimePoint until;
    };

    [[nodiscard]] std::optional<TimePoint> refused_until(std::string_view key, TimePoint now);
    void keep_refusal(std::string_view key, TimePoint until);

    redis::Client& client_;
    std::string prefix_;
    core::KeyedHash hash_;
    std::mutex mutex_;
    std::vector<Refusal> refusals_;  ///< By hash; a later one takes the place of an earlier.
};

}  // namespace portico::guard
