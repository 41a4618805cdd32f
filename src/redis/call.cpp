#include "portico/redis/detail/call.hpp"

#include "redis/command.hpp"
#include "redis/connections.hpp"

namespace portico::redis::detail {

Call::~Call() {
    if (connection_ != nullptr) connection_->leave(*this);
}

bool Call::start(std::coroutine_handle<> self, core::Context* context) {
    context_ = &core::detail::require_context(context);
    if (!words_.empty()) require_shareable(words_);
    waiter_ = self;
    return connections_->of(context_->reactor())->submit(*this);
}

void Call::await_resume() const {
    context_->throw_if_stopped();
    if (failure_) std::rethrow_exception(failure_);
}

}  // namespace portico::redis::detail
