#include "login_throttling.hpp"

namespace reference {

void LoginThrottling::admit() const {
    const auto admitted = throttle_->admit(address_, whitelisted_);
    if (!admitted) throw auth::too_many_requests(admitted.error());
}

Task<auth::LoginThrottle::Attempt> LoginThrottling::begin(std::string_view username) const {
    auto attempt = co_await throttle_->begin(username, address_, whitelisted_);
    if (!attempt) throw auth::too_many_requests(attempt.error());
    co_return *std::move(attempt);
}

LoginThrottling get_login_throttling(State<auth::LoginThrottle> throttle,
                                     State<Whitelist> whitelist, const Request& request) {
    return {*throttle, whitelist->addresses, request};
}

}  // namespace reference
