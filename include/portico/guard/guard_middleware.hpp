#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "portico/core/clock.hpp"
#include "portico/guard/ban_list.hpp"
#include "portico/guard/config.hpp"
#include "portico/http/middleware.hpp"

namespace portico::guard {

struct GuardParts;

/// What the guard has decided about a request that it did not like. Views are of the call alone.
struct Event {
    const http::Request& request;
    std::string_view check;   ///< "ban", "rate_limit": what a route's `bypass` names.
    std::string_view action;  ///< "blocked", or in passive mode "logged".
    int status = 0;
};

/// A check of the program's own: the status to refuse with, or 0. Called on the request's loop,
/// after the guard's.
using CustomCheck = std::function<int(const http::Request&)>;

struct GuardServices {
    const core::Clock& clock = core::system_clock();
    /// Told of every event, on the request's loop; must be thread-safe and must not throw.
    std::function<void(const Event&)> on_event = {};
    CustomCheck custom_check = {};
};

/// The security layer: who is served, how often, and what may be asked.
///
/// Checks run in this order, the first that refuses answers: emergency, ban, ip,
/// time_window, user_agent, headers, referrer, rate_limit, custom. `Config`
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

private:
    std::unique_ptr<GuardParts> parts_;
};

}  // namespace portico::guard
