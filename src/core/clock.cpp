#include "portico/core/clock.hpp"

namespace portico::core {

const Clock& system_clock() noexcept {
    static const SystemClock clock;
    return clock;
}

}  // namespace portico::core
