#include "portico/auth/revocation_cache.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace portico::auth {

namespace {

constexpr std::size_t kShards = 16;
constexpr std::size_t kSample = 16;

struct Entry {
    bool revoked = false;
    core::Clock::SteadyTime alive_until;
    core::Clock::SystemTime expires_at;

    /// What is lost when it is forgotten: nothing, one question to the store, or more of them.
    [[nodiscard]] int worth(core::Clock::SteadyTime steady,
                            core::Clock::SystemTime now) const noexcept {
        if (revoked) return now < expires_at ? 2 : 0;
        return steady < alive_until ? 1 : 0;
    }
};

}  // namespace

struct alignas(64) RevocationCache::Shard {
    mutable std::mutex mutex;
    std::unordered_map<core::Fingerprint, Entry, core::Fingerprint::Hash> entries;
    std::size_t cursor = 0;

    void make_room(core::Clock::SteadyTime steady, core::Clock::SystemTime now) {
        std::optional<core::Fingerprint> weakest;
        int least = 3;
        std::size_t seen = 0;
        const std::size_t buckets = entries.bucket_count();
        for (std::size_t i = 0; i < buckets && seen < kSample && least > 0; ++i) {
            cursor = (cursor + 1) % buckets;
            for (auto it = entries.begin(cursor); it != entries.end(cursor); ++it) {
                ++seen;
                const int worth = it->second.worth(steady, now);
                if (worth >= least) continue;
                least = worth;
                weakest = it->first;
            }
        }
        if (weakest) entries.erase(*weakest);
    }
};

RevocationCache::RevocationCache(const core::Clock& clock) : RevocationCache(Options{}, clock) {}

RevocationCache::RevocationCache(Options options, const core::Clock& clock)
    : options_(options), clock_(clock), shards_(std::make_unique<Shard[]>(kShards)) {
    options_.capacity = std::max(options.capacity, kShards);
}

RevocationCache::~RevocationCache() = default;

RevocationCache::Shard& RevocationCache::shard_of(const core::Fingerprint& key) const noexcept {
    return shards_[key.high % kShards];
}

RevocationCache::Known RevocationCache::look_up(std::string_view jti) const {
    const core::Fingerprint key = hash_(jti);
    const Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.entries.find(key);
    if (found == shard.entries.end()) return Known::unknown;
    if (found->second.revoked) return Known::revoked;
    return clock_.steady_now() < found->second.alive_until ? Known::alive : Known::unknown;
}

void RevocationCache::revoke(std::string_view jti, core::Clock::SystemTime expires_at) {
    const core::Fingerprint key = hash_(jti);
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    if (!shard.entries.contains(key) && shard.entries.size() >= options_.capacity / kShards) {
        shard.make_room(clock_.steady_now(), clock_.now());
    }
    Entry& entry = shard.entries[key];
    entry.revoked = true;
    entry.expires_at = std::max(entry.expires_at, expires_at);
}

void RevocationCache::remember_alive(std::string_view jti, core::Clock::SteadyTime asked_at) {
    if (options_.staleness <= std::chrono::milliseconds::zero()) return;
    const core::Fingerprint key = hash_(jti);
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    if (!shard.entries.contains(key) && shard.entries.size() >= options_.capacity / kShards) {
        shard.make_room(clock_.steady_now(), clock_.now());
    }
    // A revocation between question and answer stays.
    shard.entries[key].alive_until = asked_at + options_.staleness;
}

void RevocationCache::forget_alive() {
    for (std::size_t i = 0; i < kShards; ++i) {
        const std::lock_guard lock(shards_[i].mutex);
        std::erase_if(shards_[i].entries, [](const auto& entry) { return !entry.second.revoked; });
    }
}

std::size_t RevocationCache::size() const {
    std::size_t size = 0;
    for (std::size_t i = 0; i < kShards; ++i) {
        const std::lock_guard lock(shards_[i].mutex);
        size += shards_[i].entries.size();
    }
    return size;
}

}  // namespace portico::auth
