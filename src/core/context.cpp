#include "portico/core/context.hpp"

#include "portico/core/reactor.hpp"

namespace portico::core {

void Context::throw_if_stopped() const {
    if (shields_ > 0) return;
    if (cancelled()) throw Cancelled{};
    if (deadline_ != TimePoint::max() && reactor_->now() >= deadline_) throw DeadlineExceeded{};
}

void detail::throw_no_context() {
    throw NoContext{};
}

}  // namespace portico::core
