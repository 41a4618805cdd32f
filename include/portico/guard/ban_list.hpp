#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "portico/core/clock.hpp"
#include "portico/core/sliding_window.hpp"
#include "portico/http/ip_address.hpp"

namespace portico::guard {

/// What a client is known by: its address, of IPv6 the /64 network, which is one customer's.
[[nodiscard]] http::IpAddress client_of(const http::IpAddress& address) noexcept;

/// A client that is served nothing until it ends.
struct Ban {
    http::IpAddress client;  ///< As `client_of` gives it.
    core::Clock::SystemTime since;
    core::Clock::SystemTime until;
    std::uint32_t times = 1;  ///< This is its so-manieth ban.
    std::string reason;       ///< "detection", or what an administrator wrote; at most 200 bytes.
};

struct BanOptions {
    std::uint32_t threshold = 5;  ///< Suspicious requests within `duration` before a ban.
    std::chrono::seconds duration{3600};
    /// Each further ban lasts so many times the one before, up to 30 days.
    std::uint32_t growth = 1;
    std::size_t capacity = 262'144;  ///< Bans that are kept; suspects as many.
};

/// Told of what this list decides by itself; not of what it `adopt`s or `forget`s. Called by
/// whoever caused it; must be thread-safe and must not throw.
struct BanListener {
    std::function<void(const Ban&)> on_ban = {};
    std::function<void(const http::IpAddress& client)> on_lift = {};
};

/// Who is banned, and who may be soon.
///
/// Live bans are never evicted: when all places are taken by them, a further ban is not made, and
/// `add` says so. What ended is forgotten when its place is needed, and after a day in any case;
/// until then a further ban of the client grows. Thread-safe; one for the program.
///
///     if (bans.find(client_of(request.client()))) …   // 403
class BanList {
public:
    static constexpr bool thread_safe = true;

    explicit BanList(BanOptions options = {}, const core::Clock& clock = core::system_clock(),
                     BanListener listener = {});
    BanList(const BanList&) = delete;
    BanList& operator=(const BanList&) = delete;
    ~BanList();

    /// When the ban of a client ends; nothing when there is none. One load where nobody is banned.
    [[nodiscard]] std::optional<core::Clock::SystemTime> find(const http::IpAddress& client) const;

    /// Counts a suspicious request. The ban, when this is the one that reaches the threshold.
    std::optional<Ban> suspect(const http::IpAddress& client);

    /// Bans a client, for `duration` or, when that is zero, as its history asks. Nothing: no place.
    std::optional<Ban> add(const http::IpAddress& client, std::chrono::seconds duration,
                           std::string reason);
    /// Takes over what another instance has decided.
    bool adopt(const Ban& ban);
    /// False: it was not banned.
    bool lift(const http::IpAddress& client);
    /// The same for a ban that another instance has lifted; a ban of after `when` stays.
    bool forget(const http::IpAddress& client, core::Clock::SystemTime when);

    /// The live bans, by client; at most `most` of them, after `after`.
    [[nodiscard]] std::vector<Ban> list(std::size_t most = 1000,
                                        const http::IpAddress& after = {}) const;
    [[nodiscard]] std::size_t size() const;

private:
    struct Store;

    const core::Clock& clock_;
    BanOptions options_;
    BanListener listener_;
    core::SlidingWindow suspects_;
    std::unique_ptr<Store> store_;
};

}  // namespace portico::guard
