// A program that uses one room.
#include <portico/core/clock.hpp>

int main() {
    const auto& clock = portico::core::system_clock();
    return clock.steady_now() <= clock.steady_now() ? 0 : 1;
}
