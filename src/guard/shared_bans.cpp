#include "portico/guard/shared_bans.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "guard/follow.hpp"

namespace portico::guard {
namespace {

using std::chrono::milliseconds;
using SystemTime = core::Clock::SystemTime;

constexpr milliseconds kLongest = std::chrono::days(30);
/// For how long a ban that ended, or was lifted, is remembered.
constexpr milliseconds kRemembered = std::chrono::days(1);

// What a key holds, and what is told after the client's address: "since until times reason", in
// milliseconds. A ban that was lifted ends when it began.
std::string text_of(const Ban& ban) {
    const auto of = [](SystemTime time) {
        return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
    };
    return fmt::format("{} {} {} {}", of(ban.since), of(ban.until), ban.times, ban.reason);
}

std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end == text.data() + text.size() || *end != ' ') return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    return number;
}

std::optional<Ban> ban_of(const http::IpAddress& client, std::string_view text) {
    // Milliseconds up to the year 5138.
    constexpr std::int64_t kLatest = 100'000'000'000'000;
    const auto since = take_number(text);
    const auto until = since ? take_number(text) : std::nullopt;
    const auto times = until ? take_number(text) : std::nullopt;
    if (!times || *since < 0 || *since > kLatest || *until < *since || *times < 0 ||
        *times > 1'000'000 || *until - *since > kLongest.count()) {
        return std::nullopt;
    }
    return Ban{.client = client_of(client),
               .since = SystemTime(milliseconds(*since)),
               .until = SystemTime(milliseconds(*until)),
               .times = static_cast<std::uint32_t>(*times),
               .reason = std::string(text.substr(0, 200))};
}

Ban lifted(const http::IpAddress& client, SystemTime now) {
    return {.client = client, .since = now, .until = now, .times = 0, .reason = "lifted"};
}

// KEYS: the suspicious requests of a client, its ban. ARGV: the threshold, the time in which they
// count, the growth, the longest ban, for how long one is remembered, the channel, the client.
constexpr std::string_view kSuspect = R"(
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local threshold, duration = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - duration)
redis.call('ZADD', KEYS[1], now, time[1] .. '.' .. time[2])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -threshold - 1)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if redis.call('ZCARD', KEYS[1]) < threshold then return end
local since, ends, times = string.match(redis.call('GET', KEYS[2]) or '', '^(%d+) (%d+) (%d+)')
if ends and tonumber(ends) > now then return end
if ends and ends + ARGV[5] > now then times = times + 1 else times = 1 end
for n = 2, math.min(times, 100) do duration = duration * ARGV[3] end
duration = math.min(duration, tonumber(ARGV[4]))
local ban = string.format('%.0f %.0f %d detection', now, now + duration, times)
redis.call('SET', KEYS[2], ban, 'PX', string.format('%.0f', duration + ARGV[5]))
redis.call('PUBLISH', ARGV[6], ARGV[7] .. ' ' .. ban)
)";

/// So that a prefix with a "*" means itself.
std::string pattern_of(std::string_view text) {
    std::string pattern;
    for (const char c : text) {
        if (std::string_view("*?[]\\").contains(c)) pattern += '\\';
        pattern += c;
    }
    return pattern + "*";
}

}  // namespace

SharedBans::SharedBans(redis::Client& client, const std::string& prefix, BanOptions options)
    : client_(client),
      options_(options),
      ban_key_(prefix + "ban:"),
      suspect_key_(prefix + "suspect:"),
      channel_(prefix + "bans") {}

void SharedBans::suspect(const http::IpAddress& client) {
    const std::string name = client.to_string();
    client_.send({"EVAL", kSuspect, 2, suspect_key_ + name, ban_key_ + name, options_.threshold,
                  milliseconds(options_.duration).count(), options_.growth, kLongest.count(),
                  kRemembered.count(), channel_, name});
}

void SharedBans::put(const Ban& ban) {
    const Change change = change_of(ban);
    client_.send({"SET", change.key, change.text, "PX", change.ttl});
    client_.send({"PUBLISH", channel_, change.message});
}

void SharedBans::lift(const http::IpAddress& client, SystemTime now) {
    put(lifted(client, now));
}

core::Task<void> SharedBans::add(Ban ban) {
    const Change change = change_of(ban);
    redis::Pipeline pipeline;
    pipeline.add("SET", change.key, change.text, "PX", change.ttl);
    pipeline.add("PUBLISH", channel_, change.message);
    (void)co_await client_.transaction(std::move(pipeline));
}

core::Task<bool> SharedBans::remove(http::IpAddress client, SystemTime now) {
    const auto bans = co_await list(now);
    if (std::ranges::find(bans, client, &Ban::client) == bans.end()) co_return false;
    co_await add(lifted(client, now));
    co_return true;
}

SharedBans::Change SharedBans::change_of(const Ban& ban) const {
    const std::string name = ban.client.to_string();
    std::string text = text_of(ban);
    const auto ttl = std::chrono::ceil<milliseconds>(ban.until - ban.since) + kRemembered;
    std::string message = name + " " + text;
    return {ban_key_ + name, std::move(text), ttl.count(), std::move(message)};
}

/// A list that is kept as the others have it.
struct SharedBans::Copy {
    SharedBans& bans;
    BanList& list;
    std::function<bool(const http::IpAddress&)> may_be_banned;

    void take(std::string_view message) const {
        const auto space = message.find(' ');
        if (space == message.npos) return;
        const auto client = http::IpAddress::parse(message.substr(0, space));
        if (!client) return;
        if (const auto ban = ban_of(*client, message.substr(space + 1))) take(*ban);
    }
    void take(const Ban& ban) const {
        if (ban.until == ban.since) {
            (void)list.forget(ban.client, ban.since);
        } else if (may_be_banned(ban.client)) {
            (void)list.adopt(ban);
        }
    }

    /// Takes over every ban that there is, and tells those that are missing there.
    core::Task<void> read() const {
        std::unordered_set<http::IpAddress> there;
        for (const Ban& ban : co_await bans.read()) {
            there.insert(ban.client);
            take(ban);
        }
        // Those that were made while Redis was away.
        for (const Ban& ban : list.list(bans.options_.capacity)) {
            if (!there.contains(ban.client)) bans.put(ban);
        }
    }
};

core::Task<void> SharedBans::follow(BanList& list,
                                    std::function<bool(const http::IpAddress&)> may_be_banned,
                                    core::Task<void> until) {
    const auto copy = std::make_shared<const Copy>(*this, list, std::move(may_be_banned));
    return guard::follow(client_,
                         {.name = channel_,
                          .on_message = [copy](std::string_view message) { copy->take(message); },
                          .read = [copy] { return copy->read(); }},
                         std::move(until));
}

core::Task<std::vector<Ban>> SharedBans::read() {
    std::vector<Ban> bans;
    const std::string pattern = pattern_of(ban_key_);
    std::string cursor = "0";
    do {
        auto page = co_await client_.command("SCAN", cursor, "MATCH", pattern, "COUNT", 1000);
        if (page.elements().size() != 2) break;
        cursor = page.elements()[0].text();
        const auto keys = std::move(page.elements()[1]).as<std::vector<std::string>>("SCAN");
        if (keys.empty()) continue;
        std::vector<redis::Argument> words{"MGET"};
        words.insert(words.end(), keys.begin(), keys.end());
        const auto values =
            (co_await client_.command(words)).as<std::vector<std::optional<std::string>>>("MGET");
        for (std::size_t i = 0; i < keys.size() && i < values.size(); ++i) {
            const auto client =
                http::IpAddress::parse(std::string_view(keys[i]).substr(ban_key_.size()));
            if (!client || !values[i]) continue;
            if (auto ban = ban_of(*client, *values[i])) bans.push_back(*std::move(ban));
        }
    } while (cursor != "0");
    co_return bans;
}

core::Task<std::vector<Ban>> SharedBans::list(SystemTime now) {
    auto bans = co_await read();
    std::erase_if(bans, [&](const Ban& ban) { return ban.until <= now; });
    std::ranges::sort(bans, {}, &Ban::client);
    // A scan may give a key twice.
    const auto twice = std::ranges::unique(bans, {}, &Ban::client);
    bans.erase(twice.begin(), twice.end());
    co_return bans;
}

}  // namespace portico::guard
