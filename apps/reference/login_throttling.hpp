#pragma once

#include <string_view>

#include <portico/auth.hpp>
#include <portico/http/cidr.hpp>
#include <portico/portico.hpp>

namespace reference {

using namespace portico;

/// Makes guessing passwords slow on the three routes that take one: see `auth::LoginThrottle`.
/// A request's own.
class LoginThrottling {
public:
    LoginThrottling(auth::LoginThrottle& throttle, const http::CidrSet& whitelist,
                    const Request& request) noexcept
        : throttle_(&throttle),
          address_(request.client()),
          whitelisted_(whitelist.contains(request.client())) {}

    /// 429 for one sign-up too many.
    void admit() const;

    /// 429 for one try too many. The try counts as a failure unless `succeeded` is called on it.
    Task<auth::LoginThrottle::Attempt> begin(std::string_view username) const;

    /// Awaits the proof of a password. What the server had no room for (503) was no try.
    template <class T>
    static Task<T> prove(auth::LoginThrottle::Attempt& attempt, Task<T> proof) {
        try {
            co_return co_await proof;
        } catch (const core::Overloaded&) {
            attempt.not_tried();
            throw;
        }
    }

private:
    auth::LoginThrottle* throttle_;
    http::IpAddress address_;
    bool whitelisted_;
};

/// The guard's whitelist.
struct Whitelist {
    http::CidrSet addresses;
};

LoginThrottling get_login_throttling(State<auth::LoginThrottle> throttle,
                                     State<Whitelist> whitelist, const Request& request);

}  // namespace reference
