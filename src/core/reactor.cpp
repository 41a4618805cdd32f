#include "portico/core/reactor.hpp"

namespace portico::core {

void SleepAwaiter::start(std::coroutine_handle<> self, Context* context) {
    context_ = &detail::require_context(context);
    Reactor& reactor = context_->reactor();
    const auto at = at_ == Reactor::TimePoint{} ? reactor.now() + duration_ : at_;
    static_cast<void>(reactor.start_timer(at, [self] { self.resume(); }));
}

void ReadyAwaiter::start(std::coroutine_handle<> self, Context* context) {
    context_ = &detail::require_context(context);
    context_->reactor().when_ready(descriptor_, interest_, [self] { self.resume(); });
}

}  // namespace portico::core
