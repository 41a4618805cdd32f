#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>

#include "portico/redis/options.hpp"
#include "portico/redis/url.hpp"
#include "redis/tls.hpp"

namespace portico::redis {

/// Whether Redis is there, as all connections together see it: it is lost with the first that has
/// lost it, and back with the last that has it back. Thread-safe.
class Health {
public:
    void lost(const ClientOptions& options, std::string_view why);
    void back(const ClientOptions& options);
    /// A connection that had lost it is no more.
    void forget() noexcept;

    [[nodiscard]] bool good() const noexcept { return lost_.load(std::memory_order_relaxed) == 0; }

private:
    std::mutex mutex_;  // so that the program is told in order
    std::atomic<std::size_t> lost_{0};
};

/// What all connections to one Redis share.
struct Backend {
    ClientOptions options;
    Url url;
    std::shared_ptr<const TlsContext> tls = {};  ///< Null: none.
    Health health = {};
};

}  // namespace portico::redis
