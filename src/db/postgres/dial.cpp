#include "db/postgres/dial.hpp"

#include <algorithm>
#include <utility>

#include "db/postgres/fault.hpp"

namespace portico::db::postgres {

Dial::Dial(core::Reactor& reactor, const ConnectParameters& parameters,
           std::chrono::milliseconds timeout, Background& background, Done done)
    : reactor_(reactor),
      parameters_(parameters),
      background_(background),
      done_(std::move(done)),
      begin_(reactor.start_timer(reactor.now(), [this] { begin(); })),
      limit_(reactor.start_timer(reactor.now() + timeout, [this, timeout] {
          end(std::unexpected("no connection within " + std::to_string(timeout.count()) + " ms"));
      })) {}

Dial::~Dial() {
    reactor_.cancel_timer(begin_);
    reactor_.cancel_timer(limit_);
    forget();
}

void Dial::forget() noexcept {
    if (waits_for_ >= 0) reactor_.forget(std::exchange(waits_for_, -1));
}

void Dial::wait(int descriptor, core::Reactor::Interest interest, void (Dial::*then)()) {
    waits_for_ = descriptor;
    reactor_.when_ready(descriptor, interest, [this, then] { (this->*then)(); });
}

void Dial::begin() {
    const auto& hosts = parameters_.hosts();
    if (std::ranges::none_of(hosts, &Host::needs_lookup)) return start(hosts);
    lookup_ = background_.look_up(hosts);
    if (!lookup_) return end(std::unexpected("too many names are looked up already"));
    wait(lookup_->descriptor(), core::Reactor::Interest::readable, &Dial::looked_up);
}

void Dial::looked_up() {
    forget();
    const auto hosts = lookup_->hosts();
    if (hosts.empty()) return end(std::unexpected("the name of the host is not known"));
    start(hosts);
}

void Dial::start(const std::vector<Host>& hosts) {
    handle_ = parameters_.start(hosts);
    if (!handle_) return end(std::unexpected("out of memory"));
    if (PQstatus(handle_.get()) == CONNECTION_BAD) {
        return end(std::unexpected(last_message(handle_.get())));
    }
    // "Behave as if PQconnectPoll last returned PGRES_POLLING_WRITING."
    wait(PQsocket(handle_.get()), core::Reactor::Interest::writable, &Dial::poll);
}

void Dial::poll() {
    // It may close this descriptor and open another with the next host.
    forget();
    switch (PQconnectPoll(handle_.get())) {
        case PGRES_POLLING_READING:
            return wait(PQsocket(handle_.get()), core::Reactor::Interest::readable, &Dial::poll);
        case PGRES_POLLING_WRITING:
            return wait(PQsocket(handle_.get()), core::Reactor::Interest::writable, &Dial::poll);
        case PGRES_POLLING_OK:
            return end(std::move(handle_));
        default:
            return end(std::unexpected(last_message(handle_.get())));
    }
}

void Dial::end(Outcome outcome) {
    forget();
    Done done = std::exchange(done_, nullptr);
    done(std::move(outcome));  // `this` may be gone
}

}  // namespace portico::db::postgres
