#include "portico/cache/redis_response_store.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "cache/kept_response_codec.hpp"
#include "portico/core/reactor.hpp"
#include "portico/crypto/hash.hpp"
#include "portico/crypto/random.hpp"

namespace portico::cache {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{10};
constexpr milliseconds kLongestPause{100};

/// Only who has claimed releases: the time of the claim may have run out meanwhile.
constexpr std::string_view kRelease =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

std::string random_name() {
    return crypto::random_token(16);
}

}  // namespace

RedisResponseStore::RedisResponseStore(redis::Client& client, RedisResponseStoreOptions options)
    : client_(client), options_(std::move(options)), self_(random_name()) {
    if (options_.timeout <= milliseconds::zero() || options_.claim_time < milliseconds::zero()) {
        throw std::invalid_argument(
            "redis response store: expected a timeout of more than 0 ms and no negative time");
    }
}

core::Task<std::shared_ptr<const KeptResponse>> RedisResponseStore::find(
    std::string_view key, core::Clock::SystemTime now) {
    try {
        if (clearing()) co_await begin_generation();
        auto found = (co_await client_.command("MGET", generation_key(), key_of('r', key))
                          .within(options_.timeout))
                         .as<std::vector<std::optional<std::string>>>("MGET");
        if (found.size() != 2) co_return nullptr;
        if (!found[0]) {
            // Of no generation is known what it holds: one begins. Redis may have dropped it.
            client_.send({"SET", generation_key(), random_name(), "NX"});
            co_return nullptr;
        }
        {
            const std::scoped_lock lock(mutex_);
            if (!clearing()) generation_ = *found[0];
        }
        if (!found[1]) co_return nullptr;
        auto response = decode(*found[1], *found[0]);
        if (!response || response->expires_at <= now) co_return nullptr;
        co_return response;
    } catch (const redis::Unavailable&) {
    } catch (const redis::Error&) {
    }
    co_return nullptr;
}

void RedisResponseStore::keep(std::string key, std::shared_ptr<const KeptResponse> response) {
    const std::string current = generation();
    const auto lifetime =
        std::chrono::ceil<milliseconds>(response->expires_at - response->made_at).count();
    if (current.empty() || lifetime <= 0) return;
    const std::string bytes = encode(*response, current);
    if (bytes.size() > options_.max_bytes) return;
    client_.send({"SET", key_of('r', key), bytes, "PX", lifetime});
}

void RedisResponseStore::clear() {
    {
        const std::scoped_lock lock(mutex_);
        generation_.clear();
        ++clears_;
    }
    // At once for the other processes; the next `find` makes sure of it.
    client_.send({"SET", generation_key(), random_name()});
}

core::Task<void> RedisResponseStore::begin_generation() {
    const std::uint64_t clears = clears_.load();
    co_await client_.command("SET", generation_key(), random_name()).within(options_.timeout);
    cleared_.store(clears);
}

core::Task<bool> RedisResponseStore::claim(std::string_view key) {
    if (options_.claim_time == milliseconds::zero()) co_return true;
    const std::string claim = key_of('c', key);
    const std::int64_t lifetime = options_.claim_time.count();
    try {
        const auto taken = (co_await client_.command("SET", claim, self_, "NX", "PX", lifetime)
                                .within(options_.timeout))
                               .as<bool>("SET");
        if (taken) co_return true;
        auto pause = kFirstPause;
        // The claim ends by itself after its time, at the latest.
        for (milliseconds waited{0}; waited < options_.claim_time; waited += pause) {
            pause = std::min(pause * 2, kLongestPause);
            co_await core::sleep_for(pause);
            const auto left = (co_await client_.command("EXISTS", claim).within(options_.timeout))
                                  .as<bool>("EXISTS");
            if (!left) co_return false;
        }
    } catch (const redis::Unavailable&) {
    } catch (const redis::Error&) {
    }
    co_return true;
}

void RedisResponseStore::release(std::string_view key) {
    if (options_.claim_time == milliseconds::zero()) return;
    client_.send({"EVAL", kRelease, 1, key_of('c', key), self_});
}

std::string RedisResponseStore::key_of(char kind, std::string_view key) const {
    std::string hashed = options_.prefix;
    hashed.append(1, kind).append(":").append(crypto::sha256_hex(key));
    return hashed;
}

std::string RedisResponseStore::generation() const {
    const std::scoped_lock lock(mutex_);
    return generation_;
}

}  // namespace portico::cache
