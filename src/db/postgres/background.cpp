#include "db/postgres/background.hpp"

#include <netdb.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace portico::db::postgres {
namespace {

void add_addresses(const Host& host, std::vector<Host>& out) {
    const addrinfo hints{.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    addrinfo* found = nullptr;
    if (getaddrinfo(host.name.c_str(), nullptr, &hints, &found) != 0) return;
    for (const addrinfo* at = found; at; at = at->ai_next) {
        char text[NI_MAXHOST];
        if (getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof text, nullptr, 0,
                        NI_NUMERICHOST) == 0) {
            out.push_back({host.name, text, host.port});
        }
    }
    freeaddrinfo(found);
}

}  // namespace

Lookup::Lookup() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Lookup::~Lookup() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::vector<Host> Lookup::hosts() {
    const std::lock_guard lock(mutex_);
    return std::exchange(hosts_, {});
}

void Lookup::finish(std::vector<Host> hosts) {
    {
        const std::lock_guard lock(mutex_);
        hosts_ = std::move(hosts);
    }
    const std::uint64_t one = 1;
    (void)!::write(descriptor_, &one, sizeof one);
}

std::shared_ptr<Lookup> Background::look_up(std::vector<Host> hosts) {
    auto lookup = std::make_shared<Lookup>();
    const bool taken = executor_.try_submit([lookup, hosts = std::move(hosts)] {
        std::vector<Host> resolved;
        for (const Host& host : hosts) {
            if (host.needs_lookup()) {
                add_addresses(host, resolved);
            } else {
                resolved.push_back(host);
            }
        }
        lookup->finish(std::move(resolved));
    });
    return taken ? lookup : nullptr;
}

bool Background::cancel(PGconn* connection) {
    PGcancel* const request = PQgetCancel(connection);
    if (!request) return false;
    const bool taken = executor_.try_submit([request] {
        char message[256];
        PQcancel(request, message, sizeof message);
        PQfreeCancel(request);
    });
    if (!taken) PQfreeCancel(request);
    return taken;
}

}  // namespace portico::db::postgres
