#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "portico/core/clock.hpp"
#include "portico/core/sliding_window.hpp"
#include "portico/core/task.hpp"
#include "portico/http/ip_address.hpp"

namespace portico::auth {

/// A try that is refused: 429 with `Retry-After`.
struct Throttled {
    std::chrono::seconds retry_after;  ///< At least 1.
};

struct LoginThrottleOptions {
    /// Tries a minute for one address: log-in, sign-up and password change together.
    std::uint32_t rate_limit = 10;
    /// Failures a minute for one username from one address. Ten times as many an hour for a
    /// username from all addresses slow every further try down.
    std::uint32_t failure_limit = 5;
    /// Keys that each of its three counters holds, 1 KiB each at most.
    std::size_t capacity = 65'536;
};

/// Makes the guessing of passwords slow, and lets nobody lock another one out.
///
/// - An address (IPv4 by /24, IPv6 by /64) has `rate_limit` tries a minute.
/// - A username and an address have `failure_limit` failures a minute; tries at the same time count
///   as failures until they are known to be none, so a burst gains nothing. Names are compared
///   without case, and counted alike whether such a user exists or not.
/// - A username that fails often from everywhere is delayed, 0.5 s doubling to 8 s, and never
///   refused: whoever knows the password gets in.
///
/// Memory is bounded (`SlidingWindow` says how). Thread-safe; one for the program.
///
///     auto attempt = co_await throttle.begin(form->username, request.client());
///     if (!attempt) throw too_many_requests(attempt.error());
///     auto check = co_await hasher.check(executors.hashing, stored, password);
///     if (!check) throw …;          // the attempt counts as failed
///     attempt->succeeded();
class LoginThrottle {
public:
    static constexpr bool thread_safe = true;

    class Attempt;

    explicit LoginThrottle(LoginThrottleOptions options = {},
                           const core::Clock& clock = core::system_clock());

    /// Counts a try by its address alone: for a sign-up. A whitelisted address is not counted.
    [[nodiscard]] std::expected<void, Throttled> admit(const http::IpAddress& address,
                                                       bool whitelisted = false);

    /// Admits a try to prove a password, perhaps after a delay. A whitelisted address is exempt
    /// from `rate_limit` alone. The arguments are read before the first suspension.
    [[nodiscard]] core::Task<std::expected<Attempt, Throttled>> begin(std::string_view username,
                                                                      http::IpAddress address,
                                                                      bool whitelisted = false);

private:
    [[nodiscard]] std::chrono::milliseconds delay_of(std::string_view name) const;

    LoginThrottleOptions options_;
    const core::Clock& clock_;
    core::SlidingWindow tries_;
    core::SlidingWindow failures_;
    core::SlidingWindow names_;
};

/// One try. It counts as a failure when it ends without a word, as it does when an exception
/// passes or the client goes away: dropping the connection saves no failure.
class [[nodiscard]] LoginThrottle::Attempt {
public:
    Attempt(Attempt&&) noexcept = default;
    Attempt& operator=(Attempt&&) = delete;
    ~Attempt();

    /// The password was right.
    void succeeded() noexcept { reservation_.give_back(); }
    /// No password was looked at: the queue of hashes was full, the database did not answer.
    void not_tried() noexcept { reservation_.give_back(); }

private:
    friend class LoginThrottle;
    Attempt(LoginThrottle& throttle, core::SlidingWindow::Reservation reservation,
            std::string name) noexcept
        : throttle_(&throttle), reservation_(std::move(reservation)), name_(std::move(name)) {}

    LoginThrottle* throttle_;
    core::SlidingWindow::Reservation reservation_;
    std::string name_;
};

}  // namespace portico::auth
