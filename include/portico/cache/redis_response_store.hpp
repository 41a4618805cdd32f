#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "portico/cache/response_store.hpp"
#include "portico/redis/client.hpp"

namespace portico::cache {

struct RedisResponseStoreOptions {
    /// Before every key. Applications that share a Redis must not share it.
    std::string prefix = "portico:cache:";
    std::size_t max_bytes = std::size_t{2} << 20U;  ///< Of one response with its fields.
    /// For a look into Redis; after it the response is computed.
    std::chrono::milliseconds timeout{100};
    /// For so long the others wait while one process makes a response. 0: they do not.
    std::chrono::milliseconds claim_time{5000};
};

/// Keeps responses in Redis or Valkey, for all processes that share it.
///
/// Of all processes one makes a response, the others wait for it. Keys are hashes: a target does
/// not lie open in Redis. While Redis is away or slow, responses are computed, and not kept. How
/// much Redis keeps is its own `maxmemory`, best with the policy `allkeys-lru`. `clear` is for all
/// processes. Thread-safe; the client must outlive it.
///
///     app.add_middleware<cache::ResponseCache>(cache::ResponseCacheOptions{
///         .ttl = 60s, .store = std::make_shared<cache::RedisResponseStore>(client)});
class RedisResponseStore final : public ResponseStore {
public:
    /// Throws `std::invalid_argument` for a negative time and a timeout of 0.
    explicit RedisResponseStore(redis::Client& client, RedisResponseStoreOptions options = {});

    [[nodiscard]] core::Task<std::shared_ptr<const KeptResponse>> find(
        std::string_view key, core::Clock::SystemTime now) override;
    void keep(std::string key, std::shared_ptr<const KeptResponse> response) override;
    void clear() override;
    [[nodiscard]] core::Task<bool> claim(std::string_view key) override;
    void release(std::string_view key) override;

private:
    [[nodiscard]] std::string key_of(char kind, std::string_view key) const;
    [[nodiscard]] std::string generation_key() const { return options_.prefix + "generation"; }
    [[nodiscard]] std::string generation() const;
    [[nodiscard]] bool clearing() const noexcept { return clears_.load() != cleared_.load(); }
    core::Task<void> begin_generation();

    redis::Client& client_;
    RedisResponseStoreOptions options_;
    const std::string self_;  // what this process claims with
    mutable std::mutex mutex_;
    std::string generation_;  // as it was last seen; responses of another are not valid
    std::atomic<std::uint64_t> clears_{0};   // that were asked for
    std::atomic<std::uint64_t> cleared_{0};  // of these, that Redis has
};

}  // namespace portico::cache
