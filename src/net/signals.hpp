#pragma once

#include <signal.h>

#include <array>
#include <functional>

#include "net/loop.hpp"

namespace portico::net {

/// Takes SIGTERM, SIGINT and SIGHUP for as long as it lives and hands them to a loop; one in a
/// process at a time. Whichever thread the kernel picks, the handler only writes a byte to a pipe.
class Signals {
public:
    Signals() = default;
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    /// False when another one is installed, or the system refuses. `on_signal` runs on the loop.
    [[nodiscard]] bool install(Loop& loop, std::function<void(int)> on_signal);

private:
    void wait(Loop& loop);

    Descriptor read_end_;
    Descriptor write_end_;
    std::function<void(int)> on_signal_;
    std::array<struct sigaction, 3> before_{};
};

}  // namespace portico::net
