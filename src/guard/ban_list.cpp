#include "portico/guard/ban_list.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

namespace portico::guard {
namespace {

using SystemTime = core::Clock::SystemTime;

constexpr std::size_t kLongestReason = 200;
constexpr std::chrono::seconds kLongest = std::chrono::days(30);
/// For how long a ban that ended makes the next one longer.
constexpr std::chrono::seconds kRemembered = std::chrono::days(1);

std::string_view bytes_of(const http::IpAddress& client) noexcept {
    const auto bytes = client.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

http::IpAddress client_of(const http::IpAddress& address) noexcept {
    return address.is_v6() ? address.prefix(64) : address;
}

struct BanList::Store {
    mutable std::shared_mutex mutex;
    std::unordered_map<http::IpAddress, Ban> bans;  // those that ended too
    /// So that a request costs nothing while nobody is banned.
    std::atomic<bool> any{false};

    /// Before it nothing ends, so there is no use in looking through a full list again.
    SystemTime next_end;

    bool make_room(SystemTime now, std::size_t capacity) {
        if (bans.size() < capacity) return true;
        if (now < next_end) return false;
        next_end = SystemTime::max();
        std::erase_if(bans, [&](const auto& entry) {
            if (entry.second.until <= now) return true;
            next_end = std::min(next_end, entry.second.until);
            return false;
        });
        return bans.size() < capacity;
    }

    bool put(Ban ban, SystemTime now, std::size_t capacity) {
        const auto found = bans.find(ban.client);
        if (found == bans.end() && !make_room(now, capacity)) return false;
        const http::IpAddress client = ban.client;
        next_end = std::min(next_end, ban.until);
        bans.insert_or_assign(client, std::move(ban));
        any.store(true, std::memory_order_relaxed);
        return true;
    }
};

BanList::BanList(BanOptions options, const core::Clock& clock, BanListener listener)
    : clock_(clock),
      options_(options),
      listener_(std::move(listener)),
      suspects_({.limit = options.threshold,
                 .window = std::min(options.duration, kLongest),
                 .capacity = options.capacity}),
      store_(std::make_unique<Store>()) {}

BanList::~BanList() = default;

std::optional<SystemTime> BanList::find(const http::IpAddress& client) const {
    if (!store_->any.load(std::memory_order_relaxed)) return {};
    const SystemTime now = clock_.now();
    const std::shared_lock lock(store_->mutex);
    const auto found = store_->bans.find(client);
    if (found == store_->bans.end() || found->second.until <= now) return {};
    return found->second.until;
}

std::optional<Ban> BanList::suspect(const http::IpAddress& client) {
    const auto answer = suspects_.record(bytes_of(client), clock_.steady_now());
    if (answer.counted < options_.threshold || find(client)) return {};
    return add(client, {}, "detection");
}

std::optional<Ban> BanList::add(const http::IpAddress& client, std::chrono::seconds duration,
                                std::string reason) {
    const SystemTime now = clock_.now();
    reason.resize(std::min(reason.size(), kLongestReason));
    std::unique_lock lock(store_->mutex);
    const auto before = store_->bans.find(client);
    std::uint32_t times = 1;
    if (before != store_->bans.end() && before->second.until + kRemembered > now) {
        times = before->second.times + 1;
    }
    if (duration.count() <= 0) {
        duration = options_.duration;
        for (std::uint32_t i = 1; i < times && duration < kLongest; ++i) {
            duration *= options_.growth;
        }
    }
    Ban ban{.client = client,
            .since = now,
            .until = now + std::min(duration, kLongest),
            .times = times,
            .reason = std::move(reason)};
    if (!store_->put(ban, now, options_.capacity)) return {};
    lock.unlock();
    if (listener_.on_ban) listener_.on_ban(ban);
    return ban;
}

bool BanList::adopt(const Ban& ban) {
    const std::unique_lock lock(store_->mutex);
    return store_->put(ban, clock_.now(), options_.capacity);
}

bool BanList::lift(const http::IpAddress& client) {
    if (!forget(client, SystemTime::max())) return false;
    if (listener_.on_lift) listener_.on_lift(client);
    return true;
}

bool BanList::forget(const http::IpAddress& client, SystemTime when) {
    const SystemTime now = clock_.now();
    const std::unique_lock lock(store_->mutex);
    const auto found = store_->bans.find(client);
    if (found == store_->bans.end() || found->second.since > when) return false;
    const bool lived = found->second.until > now;
    store_->bans.erase(found);
    return lived;
}

std::vector<Ban> BanList::list(std::size_t most, const http::IpAddress& after) const {
    const SystemTime now = clock_.now();
    std::vector<Ban> live;
    {
        const std::shared_lock lock(store_->mutex);
        for (const auto& [client, ban] : store_->bans) {
            if (ban.until > now && (after == http::IpAddress() || client > after)) {
                live.push_back(ban);
            }
        }
    }
    std::ranges::sort(live, {}, &Ban::client);
    live.resize(std::min(live.size(), most));
    return live;
}

std::size_t BanList::size() const {
    const SystemTime now = clock_.now();
    const std::shared_lock lock(store_->mutex);
    return static_cast<std::size_t>(std::ranges::count_if(
        store_->bans, [&](const auto& entry) { return entry.second.until > now; }));
}

}  // namespace portico::guard
