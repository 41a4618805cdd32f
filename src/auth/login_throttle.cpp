#include "portico/auth/login_throttle.hpp"

#include <algorithm>

#include "portico/core/reactor.hpp"

namespace portico::auth {

namespace {

using namespace std::chrono_literals;

/// From so many times the failure limit in an hour on a name is delayed.
constexpr std::uint32_t kNameFactor = 10;
constexpr auto kFirstDelay = 500ms;
constexpr std::uint32_t kDoublings = 4;  // to 8 s

/// How long a try waits for others of its name and address, which are being checked, and how often
/// it looks.
constexpr auto kLongestWait = 10s;
constexpr auto kLook = 25ms;

std::string fold_case(std::string_view name) {
    std::string folded(name);
    for (char& c : folded) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return folded;
}

/// Whoever has one address has its network: a household or a server has a whole /64.
std::string network_of(const http::IpAddress& address) {
    const http::IpAddress network = address.prefix(address.is_v4() ? 24 : 64);
    const auto bytes = network.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Throttled throttled(std::chrono::nanoseconds wait) {
    return {std::max(std::chrono::ceil<std::chrono::seconds>(wait), 1s)};
}

std::uint32_t name_threshold(std::uint32_t failure_limit) noexcept {
    return std::min(failure_limit, 100'000'000U) * kNameFactor;
}

}  // namespace

LoginThrottle::LoginThrottle(LoginThrottleOptions options, const core::Clock& clock)
    : options_(options),
      clock_(clock),
      tries_({.limit = options.rate_limit, .window = 1min, .capacity = options.capacity}),
      failures_({.limit = options.failure_limit, .window = 1min, .capacity = options.capacity}),
      names_({.limit = name_threshold(options.failure_limit) + kDoublings,
              .window = 1h,
              .capacity = options.capacity}) {}

std::expected<void, Throttled> LoginThrottle::admit(const http::IpAddress& address,
                                                    bool whitelisted) {
    if (whitelisted) return {};
    const auto answer = tries_.acquire(network_of(address), clock_.steady_now());
    if (!answer.allowed) return std::unexpected(throttled(answer.retry_after));
    return {};
}

std::chrono::milliseconds LoginThrottle::delay_of(std::string_view name) const {
    const std::uint32_t failures = names_.peek(name, clock_.steady_now()).counted;
    const std::uint32_t threshold = name_threshold(options_.failure_limit);
    if (failures < threshold) return 0ms;
    return kFirstDelay * (1 << std::min(failures - threshold, kDoublings));
}

core::Task<std::expected<LoginThrottle::Attempt, Throttled>> LoginThrottle::begin(
    std::string_view username, http::IpAddress address, bool whitelisted) {
    std::string name = fold_case(username);
    if (const auto admitted = admit(address, whitelisted); !admitted) {
        co_return std::unexpected(admitted.error());
    }

    const std::string key = network_of(address) + name;
    auto reservation = failures_.reserve(key, clock_.steady_now());
    for (auto waited = 0ms; !reservation; waited += kLook) {
        if (!reservation.answer().busy) {
            co_return std::unexpected(throttled(reservation.answer().retry_after));
        }
        if (waited >= kLongestWait) co_return std::unexpected(throttled(1s));
        co_await core::sleep_for(kLook);
        reservation = failures_.reserve(key, clock_.steady_now());
    }
    if (const auto delay = delay_of(name); delay > 0ms) co_await core::sleep_for(delay);
    co_return Attempt(*this, std::move(reservation), std::move(name));
}

LoginThrottle::Attempt::~Attempt() {
    if (!reservation_) return;
    const auto now = throttle_->clock_.steady_now();
    reservation_.count(now);
    throttle_->names_.record(name_, now);
}

}  // namespace portico::auth
