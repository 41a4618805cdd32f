#include "guard/shared_limits.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace portico::guard {
namespace {

using Answer = core::SlidingWindow::Answer;
using std::chrono::microseconds;

constexpr std::size_t kRefusals = 4096;

// A counter is a hash: when events leave the window, and how many. First all limits are looked at,
// then all are counted, so that what one of them refuses is counted by none.
const redis::Script& script() {
    static const redis::Script kScript{R"(
-- KEYS: a counter for each limit. ARGV: the limit, window, tick and cost of each, in microseconds.
-- Returns which limit is nearest, whether all allow it, events, time to the reset, time to wait.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local counters = {}
for i, key in ipairs(KEYS) do
    local limit, cost = tonumber(ARGV[i * 4 - 3]), tonumber(ARGV[i * 4])
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
        local left = used
        for _, entry in ipairs(leaving) do
            left = left - entry[2]
            if left + cost <= limit then return {i, 0, used, reset, entry[1] - now} end
        end
        return {i, 0, used, reset, reset}
    end
    counters[i] = {used + cost, reset, limit}
end
local nearest = 1
for i, key in ipairs(KEYS) do
    local window, tick = tonumber(ARGV[i * 4 - 2]), tonumber(ARGV[i * 4 - 1])
    local leaves = math.floor(now / tick) * tick + tick - 1 + window
    redis.call('HINCRBY', key, string.format('%.0f', leaves), ARGV[i * 4])
    redis.call('PEXPIRE', key, math.ceil((window + tick) / 1000))
    if counters[i][2] == 0 then counters[i][2] = leaves - now end
    if counters[i][3] - counters[i][1] < counters[nearest][3] - counters[nearest][1] then
        nearest = i
    end
end
return {nearest, 1, counters[nearest][1], counters[nearest][2], 0}
)"};
    return kScript;
}

struct Verdict {
    std::size_t which = 0;
    Answer answer;
};

std::optional<Verdict> read(redis::Reply reply, const Limits::Group& group) {
    std::array<std::int64_t, 5> numbers{};
    if (reply.elements().size() != numbers.size()) return std::nullopt;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = std::move(reply.elements()[i]).as<std::int64_t>("EVALSHA");
    }
    const auto [nearest, allowed, used, reset, wait] = numbers;
    if (nearest < 1 || static_cast<std::size_t>(nearest) > group.size()) return std::nullopt;
    Verdict verdict{.which = static_cast<std::size_t>(nearest - 1), .answer = {}};
    const std::uint32_t limit = group[verdict.which]->limit.requests;
    verdict.answer.allowed = allowed != 0;
    verdict.answer.counted = static_cast<std::uint32_t>(std::clamp<std::int64_t>(used, 0, limit));
    verdict.answer.remaining = limit - verdict.answer.counted;
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

core::Task<LimitStatus> SharedLimits::acquire(Limits& limits, const Visit& visit) {
    const Limits::Group& group = limits.group_of(visit);
    const auto now = visit.request.clock().steady_now();
    std::vector<std::string> names;
    std::vector<redis::Argument> keys;
    std::vector<redis::Argument> arguments;
    names.reserve(group.size());
    for (const auto& counted : group) {
        std::string buffer;
        const auto key = key_of(counted->limit, visit.request, visit.client, buffer);
        const auto here = counted->window.peek(key, now);
        // Refuses, with how long to wait, and counts nothing.
        if (here.remaining < counted->limit.cost) co_return limits.acquire(visit);
        // The bytes of an address are for memory alone.
        names.push_back(prefix_ + "limit:" + counted->id + ":" +
                        (buffer.empty() ? visit.client.to_string()
                                        : "=" + buffer.substr(0, buffer.size() - 1)));
        if (const auto until = refused_until(names.back(), now)) {
            Answer answer{.counted = counted->limit.requests};
            answer.reset = answer.retry_after = *until - now;
            co_return LimitStatus{counted.get(), answer};
        }
        keys.emplace_back(names.back());
        arguments.emplace_back(counted->limit.requests);
        arguments.emplace_back(microseconds(counted->limit.window).count());
        arguments.emplace_back(std::max<std::int64_t>(
            1, std::chrono::duration_cast<microseconds>(counted->window.tick()).count()));
        arguments.emplace_back(counted->limit.cost);
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
    if (!verdict) co_return limits.acquire(visit);
    if (verdict->answer.allowed) {
        (void)limits.acquire(visit);
    } else {
        keep_refusal(names[verdict->which], now + verdict->answer.retry_after);
    }
    co_return LimitStatus{group[verdict->which].get(), verdict->answer};
}

}  // namespace portico::guard
