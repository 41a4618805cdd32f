#include "net/signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace portico::net {
namespace {

constexpr std::array kSignals{SIGTERM, SIGINT, SIGHUP};
std::atomic<int> write_end{-1};

extern "C" void note_signal(int signal) {
    const int error = errno;
    const auto byte = static_cast<unsigned char>(signal);
    [[maybe_unused]] const auto written = ::write(write_end.load(), &byte, 1);
    errno = error;
}

}  // namespace

bool Signals::install(Loop& loop, std::function<void(int)> on_signal) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC) != 0) return false;
    read_end_ = Descriptor{ends[0]};
    write_end_ = Descriptor{ends[1]};
    int nobody = -1;
    if (!write_end.compare_exchange_strong(nobody, ends[1])) {
        write_end_.close();
        return false;
    }
    on_signal_ = std::move(on_signal);
    struct sigaction action{};
    action.sa_handler = note_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        ::sigaction(kSignals[i], &action, &before_[i]);
    }
    wait(loop);
    return true;
}

Signals::~Signals() {
    if (!write_end_.open()) return;
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        ::sigaction(kSignals[i], &before_[i], nullptr);
    }
    write_end.store(-1);
}

void Signals::wait(Loop& loop) {
    loop.when_ready(read_end_.get(), core::Reactor::Interest::readable, [this, &loop] {
        unsigned char byte = 0;
        while (::read(read_end_.get(), &byte, 1) == 1) on_signal_(byte);
        wait(loop);
    });
}

}  // namespace portico::net
