#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <span>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <portico/db/wait.hpp>
#include <portico/guard/guard_command.hpp>
#include <portico/guard/shared_bans.hpp>
#include <portico/guard/shared_rules.hpp>
#include <portico/redis/client.hpp>

#include "app.hpp"

namespace reference {

namespace {

constexpr std::string_view kBansHelp =
    R"(usage: portico-api guard bans [list] | add ADDRESS [SECONDS] | lift ADDRESS

The bans of all instances on the `redis_url` of the settings. Without one each instance has its own:
use the routes /api/v1/admin/bans.
)";

constexpr std::string_view kDynamicRulesHelp =
    R"(usage: portico-api guard dynamic-rules [show] | set FILE | clear

Members of the guard's configuration that hold on all instances of the `redis_url` of the settings at
once, where `guard.dynamic_rules_redis` is on. FILE is an object of JSON; -: standard input:
echo '{"emergency_mode": true}' | portico-api guard dynamic-rules set -
)";

/// As the server finds it, but without what only the server needs, such as a secret.
std::expected<GuardSettings, std::string> load_settings() {
    const char* const program = "portico-api";
    auto settings = settings::load<GuardSettings>(1, &program, {});
    if (!settings) return std::unexpected(settings.error().text);
    return *std::move(settings);
}

int fail(int status, std::string_view sentence) {
    fmt::print(stderr, "guard: {}\n", sentence);
    return status;
}

/// Does something with the Redis of the settings.
int with_redis(std::string_view help,
               const std::function<int(redis::Client&, const guard::Config&)>& work) {
    const auto settings = load_settings();
    if (!settings) return fail(2, settings.error());
    if (!settings->redis_url) {
        fmt::print(stderr, "{}", help);
        return fail(2, "there is no redis_url");
    }
    auto client = redis::Client::open({.url = std::string(settings->redis_url->reveal())});
    if (!client) return fail(2, "redis_url: " + client.error());
    try {
        return work(*client, settings->guard);
    } catch (const std::exception& error) {
        return fail(1, error.what());
    }
}

Task<int> list(guard::SharedBans& bans, const Clock& clock) {
    for (const guard::Ban& ban : co_await bans.list(clock.now())) {
        fmt::print("{:<40} until {:%Y-%m-%d %H:%M:%S} UTC, the {}. time: {}\n",
                   ban.client.to_string(), std::chrono::floor<std::chrono::seconds>(ban.until),
                   ban.times, ban.reason);
    }
    co_return 0;
}

Task<int> add(guard::SharedBans& bans, const Clock& clock, http::IpAddress address,
              std::chrono::seconds duration) {
    const auto now = clock.now();
    co_await bans.add({.client = guard::client_of(address),
                       .since = now,
                       .until = now + duration,
                       .reason = "by an administrator"});
    co_return 0;
}

Task<int> lift(guard::SharedBans& bans, const Clock& clock, http::IpAddress address) {
    if (co_await bans.remove(guard::client_of(address), clock.now())) co_return 0;
    co_return fail(1, address.to_string() + " is not banned");
}

int manage_bans(std::span<char* const> words) {
    const std::string_view command = words.empty() ? "list" : words[0];
    const auto address = words.size() > 1 ? http::IpAddress::parse(words[1]) : std::nullopt;
    std::int64_t seconds = 3600;
    if (words.size() > 2) {
        const std::string_view text = words[2];
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        if (error != std::errc{} || end != text.data() + text.size() || seconds < 1 ||
            seconds > 2'592'000) {
            return fail(2, "expected seconds in 1–2592000");
        }
    }
    const std::size_t most = command == "list" ? 1 : command == "add" ? 3 : 2;
    const bool known = command == "list" || command == "add" || command == "lift";
    if (!known || words.size() > most || (command != "list" && words.size() < 2)) {
        fmt::print(stderr, "{}", kBansHelp);
        return 2;
    }
    if (command != "list" && !address) return fail(2, "expected an IPv4 or IPv6 address");
    if (command == "add" && address->is_loopback()) return fail(2, "loopback is never banned");
    return with_redis(kBansHelp, [&](redis::Client& client, const guard::Config& config) {
        guard::SharedBans bans{client, config.redis_prefix};
        const Clock& clock = core::system_clock();
        if (command == "list") return db::wait(list(bans, clock));
        if (command == "lift") return db::wait(lift(bans, clock, *address));
        return db::wait(add(bans, clock, *address, std::chrono::seconds(seconds)));
    });
}

Task<int> show(guard::SharedRules& rules) {
    fmt::print("{}\n", co_await rules.get());
    co_return 0;
}

Task<int> set(guard::SharedRules& rules, const guard::Config& config, std::string json) {
    if (const auto done = co_await rules.set(config, std::move(json)); !done) {
        co_return fail(1, done.error());
    }
    if (!config.dynamic_rules_redis) {
        fmt::print(stderr, "guard: told, but guard.dynamic_rules_redis is off here\n");
    }
    co_return 0;
}

int manage_rules(std::span<char* const> words) {
    const std::string_view command = words.empty() ? "show" : words[0];
    const bool sets = command == "set";
    if ((command != "show" && command != "clear" && !sets) || words.size() > (sets ? 2U : 1U) ||
        (sets && words.size() < 2)) {
        fmt::print(stderr, "{}", kDynamicRulesHelp);
        return 2;
    }
    std::string json = "{}";
    if (sets) {
        const std::string_view name = words[1];
        std::ifstream file;
        if (name != "-") {
            file.open(words[1]);
            if (!file) return fail(1, fmt::format("{}: {}", name, std::strerror(errno)));
        }
        std::istream& from = name == "-" ? std::cin : file;
        json.assign(std::istreambuf_iterator<char>(from), {});
    }
    return with_redis(kDynamicRulesHelp, [&](redis::Client& client, const guard::Config& config) {
        guard::SharedRules rules{client, config.redis_prefix};
        return db::wait(command == "show" ? show(rules) : set(rules, config, std::move(json)));
    });
}

}  // namespace

int guard_command(int argc, char** argv) {
    const std::span<char* const> words(argv, static_cast<std::size_t>(argc));
    const std::string_view command = argc > 1 ? argv[1] : "";
    if (command == "bans") return manage_bans(words.subspan(2));
    if (command == "dynamic-rules") return manage_rules(words.subspan(2));
    const auto app = make_documented_app();
    (void)app->routes();  // so that they can be matched
    return guard::guard_command({.config = []() -> std::expected<guard::Config, std::string> {
                                     auto settings = load_settings();
                                     if (!settings) return std::unexpected(settings.error());
                                     return settings->guard;
                                 },
                                 .routes = app.get(),
                                 .program = "portico-api"},
                                argc, argv);
}

}  // namespace reference
