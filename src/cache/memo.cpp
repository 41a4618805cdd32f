#include "portico/cache/memo.hpp"

namespace portico::cache::detail {

void Waiters::wake() {
    for (const auto& [context, waiter] : std::exchange(waiting_, {})) {
        context->reactor().post([waiter] { waiter.resume(); });
    }
}

}  // namespace portico::cache::detail
