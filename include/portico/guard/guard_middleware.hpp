#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "portico/core/clock.hpp"
#include "portico/core/task.hpp"
#include "portico/guard/ban_list.hpp"
#include "portico/guard/config.hpp"
#include "portico/guard/detection.hpp"
#include "portico/http/cidr.hpp"
#include "portico/http/middleware.hpp"

namespace portico::redis {
class Client;
}

namespace portico::guard {

struct GuardParts;

/// What the guard has decided about a request that it did not like. Views are of the call alone.
struct Event {
    const http::Request& request;
    std::string_view check;   ///< "ban", "rate_limit", "detection": what a route's `bypass` names.
    std::string_view action;  ///< "blocked", "banned", "not scanned"; in passive mode "logged".
    int status = 0;
    int score = 0;                                 ///< Of detection, else 0.
    std::span<const std::string_view> rules = {};  ///< Ids of detection's rules.
    std::string_view where = {};                   ///< "query_value.q"; never a value.
};

/// A check of the program's own: the status to refuse with, or 0. Called on the request's loop,
/// after the guard's.
using CustomCheck = std::function<int(const http::Request&)>;

struct GuardServices {
    const core::Clock& clock = core::system_clock();
    /// Told of every event, on the request's loop; must be thread-safe and must not throw.
    std::function<void(const Event&)> on_event = {};
    /// Told of every request that passed.
    std::function<void(const http::Request&)> on_request = {};
    CustomCheck custom_check = {};
    /// Never banned, loopback neither: the proxies in front, whose ban would lock everybody out.
    http::CidrSet never_banned = {};
    /// With rules of one's own; nothing: the built-in ones.
    std::optional<Detector> detector = {};
    /// Where all instances of the program count limits, suspects and bans together; none: each by
    /// itself. While it is away each goes on by itself too, with what it has counted. Must outlive
    /// the guard.
    redis::Client* redis = nullptr;
    /// Told, in a sentence, of rules in Redis that can't hold: those before them go on. On the loop
    /// of `follow_rules`.
    std::function<void(std::string_view fault)> on_rules_fault = {};
};

/// The security layer: who is served, how often, and what may be asked.
///
/// Checks run in this order, the first that refuses answers: emergency, ban, ip, country,
/// time_window, user_agent, headers, referrer, rate_limit, detection,
/// honeypot, custom. `Config`
/// says what is on; a route's `access` and `bypass` what is different for it.
///
/// Add it after `ProxyHeadersMiddleware` and `TrustedHostMiddleware`: it believes
/// `request.client()`. The constructor throws `std::invalid_argument` with every fault of the
/// configuration. Thread-safe; one object serves all loops.
class GuardMiddleware final : public http::Middleware {
public:
    explicit GuardMiddleware(const Config& config, GuardServices services = {});
    ~GuardMiddleware() override;

    http::Decision on_request(http::Exchange& exchange) override;
    void on_response(http::Exchange& exchange) override;

    /// For administrators.
    [[nodiscard]] BanList& bans() noexcept;
    /// For `ServerOptions::accepts`: false for a peer whose client is banned, where the
    /// configuration says `drop_banned_connections`.
    [[nodiscard]] bool accepts(const http::IpAddress& peer) const;
    /// False for loopback, whitelisted addresses and `never_banned`: a ban would have no effect.
    [[nodiscard]] bool may_be_banned(const http::IpAddress& client) const noexcept;

    /// Hears, until `serving` ends, what other instances have banned and lifted: once for each
    /// process is enough. Without a Redis there is nothing to hear.
    ///
    ///     app.lifespan([&guard](App&, Serving& serving) { return guard.follow_bans(serving); });
    template <class Awaitable>
    [[nodiscard]] core::Task<void> follow_bans(Awaitable& serving) {
        return follow_bans_until([](Awaitable& end) -> core::Task<void> { co_await end; }(serving));
    }
    [[nodiscard]] core::Task<void> follow_bans_until(core::Task<void> end);

    /// Takes, until `serving` ends, what `SharedRules` holds, where `Config::dynamic_rules_redis`
    /// says so: in place of the configuration's members and of `dynamic_rules_file`. Without a
    /// Redis, or where it says not, there is nothing to take.
    template <class Awaitable>
    [[nodiscard]] core::Task<void> follow_rules(Awaitable& serving) {
        return follow_rules_until(
            [](Awaitable& end) -> core::Task<void> { co_await end; }(serving));
    }
    [[nodiscard]] core::Task<void> follow_rules_until(core::Task<void> end);

    /// Reads the files of the configuration anew, as after SIGHUP: rules of one's own, countries,
    /// and `dynamic_rules_file`, whose members hold from then on in place of the configuration's.
    /// The error is a sentence; what was there stays. For people: what has held is kept in memory.
    [[nodiscard]] std::expected<void, std::string> reload();

    /// Whether a request may read the program's metrics: from loopback without a forwarding field,
    /// or from one of `metrics_allow`.
    [[nodiscard]] bool may_read_metrics(const http::Request& request) const noexcept;

private:
    std::unique_ptr<GuardParts> parts_;
};

}  // namespace portico::guard
