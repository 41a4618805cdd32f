#include "guard/shared_limits.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace portico::guard {
namespace {

using Answer = CountedLimit::Answer;
using std::chrono::microseconds;

constexpr std::size_t kRefusals = 4096;

// The counter of a window is a hash: when events leave it, and how many. That of a rate with bursts
// is a number: when all of the burst is there again. First all limits are looked at, then all are
// counted, so that what one of them refuses is counted by none.
const redis::Script& script() {
    static const redis::Script kScript{R"(
-- KEYS: a counter for each limit. ARGV: the limit, window, tick, cost and burst of each, in
-- microseconds. Returns which limit is nearest, whether all allow it, what is left of it, time to
-- the reset, time to wait.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

-- What is left, time to the reset, time to wait, and what counts the request.
local function look_at_rate(key, limit, window, cost, burst)
    local interval = window / limit
    local used = math.max((tonumber(redis.call('GET', key)) or 0) - now, 0)
    local left = burst * interval - used
    local missing = cost * interval - left
    if missing > 0 then return math.floor(left / interval), used, missing end
    used = used + cost * interval
    return math.floor((burst * interval - used) / interval), used, 0, function()
        redis.call('SET', key, string.format('%.3f', now + used), 'PX', math.ceil(used / 1000))
    end
end

local function look_at_window(key, limit, window, tick, cost)
    local used, leaving, past = 0, {}, {}
    local all = redis.call('HGETALL', key)
    for n = 1, #all, 2 do
        local leaves = tonumber(all[n])
        if leaves <= now then
            past[#past + 1] = all[n]
        else
            leaving[#leaving + 1] = {leaves, tonumber(all[n + 1])}
            used = used + all[n + 1]
        end
    end
    if #past > 0 then redis.call('HDEL', key, unpack(past)) end
    table.sort(leaving, function(a, b) return a[1] < b[1] end)
    local reset = #leaving > 0 and leaving[1][1] - now or 0
    if used + cost > limit then
        local still = used
        for _, entry in ipairs(leaving) do
            still = still - entry[2]
            if still + cost <= limit then return limit - used, reset, entry[1] - now end
        end
        return limit - used, reset, reset
    end
    local leaves = math.floor(now / tick) * tick + tick - 1 + window
    return limit - used - cost, reset > 0 and reset or leaves - now, 0, function()
        redis.call('HINCRBY', key, string.format('%.0f', leaves), cost)
        redis.call('PEXPIRE', key, math.ceil((window + tick) / 1000))
    end
end

local counts, nearest, most, its_reset = {}
for i, key in ipairs(KEYS) do
    local limit, window, tick, cost, burst = unpack(ARGV, i * 5 - 4, i * 5)
    local left, reset, wait, count
    if tonumber(burst) > 0 then
        left, reset, wait, count =
            look_at_rate(key, tonumber(limit), tonumber(window), tonumber(cost), tonumber(burst))
    else
        left, reset, wait, count =
            look_at_window(key, tonumber(limit), tonumber(window), tonumber(tick), tonumber(cost))
    end
    if not count then return {i, 0, left, math.ceil(reset), math.ceil(wait)} end
    counts[i] = count
    if not most or left < most then nearest, most, its_reset = i, left, reset end
end
for _, count in ipairs(counts) do count() end
return {nearest, 1, most, math.ceil(its_reset), 0}
)"};
    return kScript;
}

struct Verdict {
    std::size_t which = 0;
    Answer answer;
};

std::optional<Verdict> read(redis::Reply reply, const LimitGroup& group) {
    std::array<std::int64_t, 5> numbers{};
    if (reply.elements().size() != numbers.size()) return std::nullopt;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = std::move(reply.elements()[i]).as<std::int64_t>("EVALSHA");
    }
    const auto [nearest, allowed, left, reset, wait] = numbers;
    if (nearest < 1 || static_cast<std::size_t>(nearest) > group.size()) return std::nullopt;
    Verdict verdict{.which = static_cast<std::size_t>(nearest - 1), .answer = {}};
    const std::uint32_t most = group[verdict.which]->most();
    verdict.answer.allowed = allowed != 0;
    verdict.answer.remaining = static_cast<std::uint32_t>(std::clamp<std::int64_t>(left, 0, most));
    verdict.answer.counted = most - verdict.answer.remaining;
    verdict.answer.reset = microseconds(reset);
    verdict.answer.retry_after = microseconds(wait);
    return verdict;
}

}  // namespace

SharedLimits::SharedLimits(redis::Client& client, std::string prefix)
    : client_(client), prefix_(std::move(prefix)), refusals_(kRefusals) {}

std::optional<SharedLimits::TimePoint> SharedLimits::refused_until(std::string_view key,
                                                                   TimePoint now) {
    const core::Fingerprint print = hash_(key);
    const std::lock_guard lock(mutex_);
    const Refusal& refusal = refusals_[print.low % kRefusals];
    if (refusal.key != print || refusal.until <= now) return std::nullopt;
    return refusal.until;
}

void SharedLimits::keep_refusal(std::string_view key, TimePoint until) {
    const core::Fingerprint print = hash_(key);
    const std::lock_guard lock(mutex_);
    refusals_[print.low % kRefusals] = {print, until};
}

core::Task<LimitStatus> SharedLimits::acquire(const LimitGroup& group, const http::Request& request,
                                              http::IpAddress client) {
    const auto now = request.clock().steady_now();
    std::vector<std::string> names;
    std::vector<redis::Argument> keys;
    std::vector<redis::Argument> arguments;
    names.reserve(group.size());
    for (const auto& counted : group) {
        const http::RateLimit& limit = counted->limit;
        std::string buffer;
        const auto key = key_of(limit, request, client, buffer);
        // Refuses, with how long to wait, and counts nothing.
        if (counted->peek(key, now).remaining < limit.cost) {
            co_return guard::acquire(group, request, client);
        }
        // The bytes of an address are for memory alone.
        names.push_back(
            prefix_ + "limit:" + counted->id + ":" +
            (buffer.empty() ? client.to_string() : "=" + buffer.substr(0, buffer.size() - 1)));
        if (const auto until = refused_until(names.back(), now)) {
            Answer answer{.counted = counted->most()};
            answer.reset = answer.retry_after = *until - now;
            co_return LimitStatus{counted.get(), answer};
        }
        keys.emplace_back(names.back());
        arguments.emplace_back(limit.requests);
        arguments.emplace_back(microseconds(limit.window).count());
        arguments.emplace_back(std::max<std::int64_t>(
            1, std::chrono::duration_cast<microseconds>(counted->tick()).count()));
        arguments.emplace_back(limit.cost);
        arguments.emplace_back(limit.burst);
    }
    std::optional<Verdict> verdict;
    try {
        if (client_.available())
            verdict = read(co_await client_.eval(script(), keys, arguments), group);
    } catch (const redis::Unavailable&) {
        // The client has told its program once.
    } catch (const redis::Error&) {
        // It may not run scripts, or holds something else under the name.
    }
    if (!verdict) co_return guard::acquire(group, request, client);
    if (verdict->answer.allowed) {
        (void)guard::acquire(group, request, client);
    } else {
        keep_refusal(names[verdict->which], now + verdict->answer.retry_after);
    }
    co_return LimitStatus{group[verdict->which].get(), verdict->answer};
}

}  // namespace portico::guard
