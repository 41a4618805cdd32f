#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "models/user.hpp"

namespace reference {

class OtherInstances;

/// The users that requests are made by, each as it was at most one second ago.
///
/// A write forgets its user once it is committed (`UserChanges`), so in this process a change is
/// seen at once; another instance on the same database sees it within the second, or at once where
/// `OtherInstances` can tell it. Bounded: a full shard starts anew. Thread-safe.
class UserCache {
public:
    static constexpr bool thread_safe = true;
    static constexpr std::chrono::seconds kFreshness{1};
    static constexpr std::size_t kShards = 64;
    static constexpr std::size_t kUsersPerShard = 512;

    using Time = std::chrono::steady_clock::time_point;

    /// Null: not here, or too old.
    [[nodiscard]] std::shared_ptr<const User> get(std::int64_t id, Time now);

    /// Taken before the user is read from the database: `put` drops what a write has overtaken.
    [[nodiscard]] std::uint64_t generation(std::int64_t id);
    void put(std::shared_ptr<const User> user, std::uint64_t generation, Time now);
    void forget(std::int64_t id);
    void forget_all();

private:
    struct Entry {
        std::shared_ptr<const User> user;
        Time read_at;
    };
    struct Shard {
        std::mutex mutex;
        std::uint64_t generation = 0;
        std::unordered_map<std::int64_t, Entry> users;
    };

    [[nodiscard]] Shard& shard(std::int64_t id) {
        return shards_[static_cast<std::uint64_t>(id) % kShards];
    }

    std::array<Shard, kShards> shards_;
};

/// The users that a request changes. Finished after the session that it is made before: what is
/// committed is forgotten by the cache, and the other instances are told, before the response is
/// sent.
class UserChanges {
public:
    UserChanges(UserCache& cache, OtherInstances& others) noexcept
        : cache_(&cache), others_(&others) {}

    void add(std::int64_t id) { ids_.push_back(id); }
    Task<void> finish(Outcome outcome);

private:
    UserCache* cache_;
    OtherInstances* others_;
    std::vector<std::int64_t> ids_;
};

}  // namespace reference
