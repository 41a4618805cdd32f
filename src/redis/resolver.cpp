#include "redis/resolver.hpp"

#include <netdb.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

namespace portico::redis {
namespace {

/// The program's signals go to its own threads.
class BlockedSignals {
public:
    BlockedSignals() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    BlockedSignals(const BlockedSignals&) = delete;
    BlockedSignals& operator=(const BlockedSignals&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

SocketAddress unix_address(std::string_view path) noexcept {
    sockaddr_un unix{};
    unix.sun_family = AF_UNIX;
    std::memcpy(unix.sun_path, path.data(), std::min(path.size(), sizeof unix.sun_path - 1));
    SocketAddress address;
    std::memcpy(&address.storage, &unix, sizeof unix);
    address.size = sizeof unix;
    return address;
}

std::shared_ptr<Resolution> Resolution::start(const std::string& name, std::uint16_t port) {
    std::shared_ptr<Resolution> resolution(new Resolution(name, port));
    resolution->look_up(AI_NUMERICHOST);
    if (!resolution->addresses_.empty()) {
        resolution->finish();
        return resolution;
    }
    const BlockedSignals blocked;
    try {
        std::thread([resolution] {
            resolution->look_up(AI_ADDRCONFIG);
            resolution->finish();
        }).detach();
    } catch (const std::system_error&) {
        resolution->error_ = "no thread to look the name up";
        resolution->finish();
    }
    return resolution;
}

Resolution::Resolution(std::string name, std::uint16_t port)
    : name_(std::move(name)),
      port_(std::to_string(port)),
      descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Resolution::~Resolution() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void Resolution::look_up(int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(name_.c_str(), port_.c_str(), &hints, &found);
    if (failed != 0) {
        error_ = ::gai_strerror(failed);
        return;
    }
    for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
        SocketAddress address;
        std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
        address.size = entry->ai_addrlen;
        addresses_.push_back(address);
    }
    ::freeaddrinfo(found);
}

void Resolution::finish() noexcept {
    done_.store(true, std::memory_order_release);
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
}

}  // namespace portico::redis
