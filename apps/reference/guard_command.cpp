#include <charconv>
#include <span>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <portico/db/wait.hpp>
#include <portico/guard/guard_command.hpp>
#include <portico/guard/shared_bans.hpp>
#include <portico/redis/client.hpp>

#include "app.hpp"

namespace reference {

namespace {

constexpr std::string_view kBansHelp =
    R"(usage: portico-api guard bans [list] | add ADDRESS [SECONDS] | lift ADDRESS

The bans of all instances on the `redis_url` of the settings. Without one each instance has its own:
use the routes /api/v1/admin/bans.
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
    const auto settings = load_settings();
    if (!settings) return fail(2, settings.error());
    if (!settings->redis_url) {
        fmt::print(stderr, "{}", kBansHelp);
        return fail(2, "there is no redis_url");
    }
    auto client = redis::Client::open({.url = std::string(settings->redis_url->reveal())});
    if (!client) return fail(2, "redis_url: " + client.error());
    guard::SharedBans bans{*client, settings->guard.redis_prefix};
    const Clock& clock = core::system_clock();
    try {
        if (command == "list") return db::wait(list(bans, clock));
        if (command == "lift") return db::wait(lift(bans, clock, *address));
        return db::wait(add(bans, clock, *address, std::chrono::seconds(seconds)));
    } catch (const std::exception& error) {
        return fail(1, error.what());
    }
}

}  // namespace

int guard_command(int argc, char** argv) {
    const std::span<char* const> words(argv, static_cast<std::size_t>(argc));
    if (argc > 1 && std::string_view(argv[1]) == "bans") return manage_bans(words.subspan(2));
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
