#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "portico/core/keyed_hash.hpp"

namespace portico::core {

/// Records by key, for all threads, of which there are never more than `capacity`. When all places
/// are taken, records of which nothing is left go first, then the lightest; one that weighs
/// `heavy` or more never goes for another. When nothing can go, new keys share a few records.
///
/// A record has `forget_past(now)`, `is_empty()`, `may_go()` and `weight(now)`.
template <class Record>
class KeyedRecords {
public:
    /// A record, as long as its shard is locked.
    struct Found {
        Record& record;
        bool shared;  ///< Several keys share it.
    };

    KeyedRecords(std::size_t capacity, std::int64_t heavy)
        : capacity_((capacity + kShards - 1) / kShards),
          heavy_(heavy),
          shards_(std::make_unique<Shard[]>(kShards)) {}

    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_ * kShards; }

    [[nodiscard]] std::unique_lock<std::mutex> lock(const Fingerprint& key) const {
        return std::unique_lock(shard_of(key).mutex);
    }

    // The rest is for whoever has locked the key.

    [[nodiscard]] Found find_or_make(const Fingerprint& key, std::int64_t now) {
        Shard& shard = shard_of(key);
        if (const auto found = shard.records.find(key); found != shard.records.end()) {
            return {found->second, false};
        }
        if (shard.records.size() >= capacity_ && !make_room(shard, now)) {
            return {shared_of(shard, key), true};
        }
        return {shard.records[key], false};
    }

    /// What `find_or_make` would find; nullptr: it would make one.
    [[nodiscard]] Record* find(const Fingerprint& key) const {
        Shard& shard = shard_of(key);
        if (const auto found = shard.records.find(key); found != shard.records.end()) {
            return &found->second;
        }
        return shard.records.size() >= capacity_ ? &shared_of(shard, key) : nullptr;
    }

    /// A record that was found earlier, and that may not go.
    [[nodiscard]] Record& again(const Fingerprint& key, bool shared) {
        Shard& shard = shard_of(key);
        return shared ? shared_of(shard, key) : shard.records.find(key)->second;
    }

    /// Locks by itself.
    [[nodiscard]] std::size_t size() const {
        std::size_t size = 0;
        for (std::size_t i = 0; i < kShards; ++i) {
            const std::lock_guard lock(shards_[i].mutex);
            size += shards_[i].records.size();
        }
        return size;
    }

private:
    static constexpr std::size_t kShards = 16;
    /// How many keys are looked at to find one that can go.
    static constexpr std::size_t kSample = 16;
    /// Records of a shard for keys that find no place.
    static constexpr std::size_t kShared = 64;

    struct alignas(64) Shard {
        mutable std::mutex mutex;
        std::unordered_map<Fingerprint, Record, Fingerprint::Hash> records;
        std::size_t cursor = 0;  ///< The bucket from which the next sample is taken.
        std::array<Record, kShared> shared;
    };

    [[nodiscard]] Shard& shard_of(const Fingerprint& key) const noexcept {
        return shards_[key.high % kShards];
    }
    [[nodiscard]] static Record& shared_of(Shard& shard, const Fingerprint& key) noexcept {
        return shard.shared[(key.high >> 32) % kShared];
    }

    /// False when every key of a sample is a heavy one.
    [[nodiscard]] bool make_room(Shard& shard, std::int64_t now) const {
        auto& records = shard.records;
        std::size_t seen = 0;
        bool gone = false;
        std::optional<Fingerprint> lightest;
        std::int64_t least = heavy_;
        const std::size_t buckets = records.bucket_count();
        for (std::size_t i = 0; i < buckets && seen < kSample; ++i) {
            shard.cursor = (shard.cursor + 1) % buckets;
            std::array<Fingerprint, 8> past;
            std::size_t count = 0;
            for (auto it = records.begin(shard.cursor); it != records.end(shard.cursor); ++it) {
                ++seen;
                auto& [key, record] = *it;
                record.forget_past(now);
                if (!record.may_go()) continue;
                if (record.is_empty() && count < past.size()) past[count++] = key;
                if (record.weight(now) < least) {
                    least = record.weight(now);
                    lightest = key;
                }
            }
            for (std::size_t n = 0; n < count; ++n) records.erase(past[n]);
            gone = gone || count > 0;
        }
        if (gone) return true;
        if (!lightest) return false;
        records.erase(*lightest);
        return true;
    }

    std::size_t capacity_;  ///< Of a shard.
    std::int64_t heavy_;
    std::unique_ptr<Shard[]> shards_;
};

}  // namespace portico::core
