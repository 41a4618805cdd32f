// How a WebSocket begins and ends, as far as no handler decides it.

#include <fmt/format.h>

#include <stdexcept>

#include "app/app_impl.hpp"
#include "app/application.hpp"
#include "app/errors.hpp"
#include "app/websocket_state.hpp"
#include "portico/app/exceptions.hpp"
#include "portico/app/websocket.hpp"
#include "portico/http/url.hpp"

namespace portico::app {
namespace {

namespace code = http::close_code;

std::string detail_of(const CaughtError& error) {
    if (const auto* exception = error.as<HTTPException>()) return exception->detail();
    if (const auto* exception = error.as<AppException>()) {
        return exception->detail().empty() ? exception->error() : exception->detail();
    }
    return {};
}

/// What an error closes an accepted WebSocket with; nothing: it is closed already, or nobody is
/// there.
std::optional<http::WebSocketClose> close_of(CaughtError& error, const ErrorKind& kind) {
    if (error.as<WebSocketDisconnect>() != nullptr || kind.cancelled) return {};
    if (const auto* exception = error.as<WebSocketException>()) {
        const bool sendable = http::is_close_code(exception->code());
        return http::WebSocketClose{sendable ? exception->code() : code::internal_error,
                                    exception->reason()};
    }
    if (const auto* invalid = error.as<RequestValidationError>()) {
        return http::WebSocketClose{code::policy_violation, invalid->faults().to_json()};
    }
    if (kind.status == 503) return http::WebSocketClose{code::try_again_later, {}};
    if (kind.status >= 400 && kind.status < 500) {
        return http::WebSocketClose{code::policy_violation, detail_of(error)};
    }
    return http::WebSocketClose{code::internal_error, {}};
}

}  // namespace

void check_websocket(const http::Request& request, const WebSocketOptions& options) {
    if (const auto fault = http::check_handshake(request)) {
        http::Headers headers;
        if (fault->status == 426) {
            headers = {{"Upgrade", "websocket"},
                       {"Connection", "Upgrade"},
                       {"Sec-WebSocket-Version", "13"}};
        }
        throw HTTPException(fault->status, std::string(fault->detail), std::move(headers));
    }
    if (!http::is_origin_allowed(request, options.allowed_origins)) {
        throw HTTPException(403, "Origin not allowed");
    }
}

void check_origins(const std::vector<std::string>& origins) {
    for (const std::string& origin : origins) {
        if (origin == "*") continue;
        const auto url = http::Url::parse(origin);
        if (url && url->origin() == origin) continue;
        throw std::invalid_argument(
            fmt::format("allowed_origins: expected \"*\" or an origin as browsers write it, such "
                        "as \"https://app.example\", got \"{}\"",
                        origin));
    }
}

void Application::end_websocket() {
    const bool accepted = websocket_ != nullptr && websocket_->channel != nullptr;
    if (!accepted) {
        if (const auto* exception = error_.as<WebSocketException>()) {
            error_ = CaughtError::of(HTTPException(403, exception->reason()));
        } else if (error_) {
            return;
        } else if (websocket_->denial) {
            exchange_.response = *std::move(websocket_->denial);
        } else {
            error_ = CaughtError::of(HTTPException(403, websocket_->refusal.value_or("")));
        }
        return;
    }
    if (!error_) return;
    // The answer is 101 and sent: no exception handler can word another.
    ErrorKind kind = classify(error_);
    if (error_.as<WebSocketDisconnect>() != nullptr || error_.as<WebSocketException>() != nullptr) {
        kind.unforeseen = false;
    }
    if (kind.unforeseen) app_.report(&exchange_.request, error_.thrown);
    if (const auto close = close_of(error_, kind)) {
        websocket_->channel->close(close->code, close->reason);
    }
    error_ = {};
}

}  // namespace portico::app
