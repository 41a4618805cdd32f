#include "net/worker.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace portico::net {
namespace {

constexpr std::size_t kSpareExchanges = 64;
constexpr int kAcceptsPerTurn = 64;
constexpr int kEvictionsPerTick = 8;
constexpr std::chrono::milliseconds kAcceptBackOff{100};
/// What cancelled requests get to end after the shutdown's time is over.
constexpr std::chrono::seconds kLastWait{1};

std::chrono::nanoseconds tick_interval(const Timeouts& timeouts) {
    auto shortest = std::min({timeouts.head, timeouts.idle, timeouts.body_grace,
                              timeouts.write_stall, timeouts.linger, timeouts.websocket_pong});
    if (timeouts.websocket_ping.count() > 0) shortest = std::min(shortest, timeouts.websocket_ping);
    return std::clamp<std::chrono::nanoseconds>(shortest / 4, std::chrono::milliseconds{1},
                                                std::chrono::milliseconds{250});
}

struct Peer {
    http::IpAddress address;
    std::uint16_t port = 0;
};

Peer peer_of(const sockaddr_storage& storage) noexcept {
    if (storage.ss_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &storage, sizeof in);
        std::array<std::uint8_t, 4> bytes;
        std::memcpy(bytes.data(), &in.sin_addr, bytes.size());
        return {http::IpAddress::v4(bytes), ntohs(in.sin_port)};
    }
    sockaddr_in6 in{};
    std::memcpy(&in, &storage, sizeof in);
    http::IpAddress::Bytes bytes;
    std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
    return {http::IpAddress::v6(bytes), ntohs(in.sin6_port)};
}

}  // namespace

/// Accepts connections until there are as many as there may be.
class Worker::Listener final : public Loop::Source {
public:
    Listener(Worker& worker, Descriptor descriptor) noexcept
        : worker_(worker), descriptor_(std::move(descriptor)) {}

    [[nodiscard]] int get() const noexcept { return descriptor_.get(); }

    void on_events(std::uint32_t) override {
        pending_ = true;
        accept_some();
    }
    void on_deferred() override { accept_some(); }

    /// There is room for a connection again.
    void resume() {
        if (pending_) worker_.loop.defer(*this);
    }
    [[nodiscard]] bool pending() const noexcept { return pending_; }

    /// Accepts what clients already count as connected, then closes. `close` on a queue that is not
    /// empty would reset them.
    void finish() {
        if (!descriptor_.open()) return;
        while (accept_one()) {
        }
        worker_.loop.unwatch(descriptor_.get());
        descriptor_.close();
        pending_ = false;
    }

private:
    void accept_some() {
        for (int i = 0; pending_ && i < kAcceptsPerTurn; ++i) {
            if (worker_.count_ >= worker_.max_connections_) return;
            if (!accept_one()) return;
        }
        if (pending_) worker_.loop.defer(*this);
    }

    /// False when there is nothing to accept now.
    bool accept_one() {
        sockaddr_storage storage{};
        socklen_t size = sizeof storage;
        const int descriptor = ::accept4(descriptor_.get(), reinterpret_cast<sockaddr*>(&storage),
                                         &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0) {
            const Peer peer = peer_of(storage);
            const auto& accepts = worker_.options.accepts;
            if (accepts && !accepts(peer.address)) {
                ::close(descriptor);
                return true;
            }
            worker_.add(descriptor, peer.address, peer.port);
            return true;
        }
        switch (errno) {
            case EAGAIN:
                pending_ = false;
                return false;
            case EMFILE:
            case ENFILE:
            case ENOBUFS:
            case ENOMEM:
                back_off();
                return false;
            // accept(2): errors of the new connection itself are passed on by accept; "treat them
            // like EAGAIN by retrying".
            default:
                return descriptor_.open() && errno != EBADF && errno != EINVAL;
        }
    }

    /// Out of descriptors: trying again at once would only burn the processor.
    void back_off() {
        if (std::exchange(backing_off_, true)) return;
        const auto at = worker_.loop.now() + kAcceptBackOff;
        static_cast<void>(worker_.loop.start_timer(at, [this] {
            backing_off_ = false;
            resume();
        }));
    }

    Worker& worker_;
    Descriptor descriptor_;
    bool pending_ = false;
    bool backing_off_ = false;
};

Worker::Worker(std::size_t index, http::Handler& handler_, const ServerOptions& options_,
               std::size_t max_connections, core::Reactor::Callback drained)
    : loop(index, tick_interval(options_.timeouts), [this] { tick(); }),
      handler(handler_),
      options(options_),
      max_connections_(max_connections),
      drained_(std::move(drained)) {}

Worker::~Worker() {
    while (first_ != nullptr) remove(*first_);
}

bool Worker::open(Descriptor listener) {
    listener_ = std::make_unique<Listener>(*this, std::move(listener));
    return loop.open();
}

void Worker::run() {
    loop.run();
    if (serving_ && count_ == 0) handler.loop_stopped(loop);
}

void Worker::begin_serving() {
    handler.loop_started(loop);
    serving_ = true;
    // What clients have queued since `listen` is an edge of its own.
    static_cast<void>(loop.watch(listener_->get(), EPOLLIN | EPOLLET, *listener_));
    if (stop_wanted_) begin_stop();
}

void Worker::begin_stop() {
    stop_wanted_ = true;
    if (!serving_ || std::exchange(stopping_, true)) return;
    listener_->finish();
    if (count_ == 0) return drain();
    for (auto* connection = first_; connection != nullptr; connection = connection->next) {
        connection->begin_stop();
    }
    static_cast<void>(
        loop.start_timer(loop.now() + options.timeouts.shutdown_idle, [this] { close_idle(); }));
    static_cast<void>(
        loop.start_timer(loop.now() + options.timeouts.shutdown, [this] { force_stop(); }));
}

void Worker::drain() {
    if (drained_) std::exchange(drained_, nullptr)();
}

void Worker::close_idle() {
    for (auto* connection = first_; connection != nullptr;) {
        auto* const next = connection->next;
        connection->close_if_idle();
        connection = next;
    }
}

void Worker::force_stop() {
    for (auto* connection = first_; connection != nullptr;) {
        auto* const next = connection->next;
        connection->abort();
        connection = next;
    }
    if (stopping_) {
        static_cast<void>(loop.start_timer(loop.now() + kLastWait, [this] { drain(); }));
    }
}

std::unique_ptr<Http1Exchange> Worker::take_exchange(Http1Connection& connection) {
    std::unique_ptr<Http1Exchange> exchange;
    if (spare_.empty()) {
        exchange = std::make_unique<Http1Exchange>(loop, options);
    } else {
        exchange = std::move(spare_.back());
        spare_.pop_back();
    }
    exchange->attach(&connection);
    return exchange;
}

void Worker::give_back(std::unique_ptr<Http1Exchange> exchange) noexcept {
    if (!exchange || spare_.size() >= kSpareExchanges) return;
    exchange->clear();
    spare_.push_back(std::move(exchange));
}

void Worker::add(int descriptor, const http::IpAddress& peer, std::uint16_t port) {
    auto connection = std::make_unique<Http1Connection>(*this, descriptor, peer, port);
    if (!connection->start()) return;
    connection->next = first_;
    if (first_ != nullptr) first_->previous = connection.get();
    first_ = connection.release();
    if (++count_ == 1) loop.hold_ticks(true);
}

void Worker::remove(Http1Connection& connection) {
    (connection.previous != nullptr ? connection.previous->next : first_) = connection.next;
    if (connection.next != nullptr) connection.next->previous = connection.previous;
    loop.retire(std::unique_ptr<Loop::Source>{&connection});
    if (--count_ == 0) {
        loop.hold_ticks(false);
        if (stopping_) drain();
    }
    if (listener_) listener_->resume();
}

void Worker::tick() {
    for (auto* connection = first_; connection != nullptr;) {
        auto* const next = connection->next;
        connection->on_tick();
        connection = next;
    }
    if (!listener_->pending() || count_ < max_connections_) return;
    // A few at a time: clients that wait in the queue are let in as others leave, too.
    for (int i = 0; i < kEvictionsPerTick; ++i) make_room();
}

void Worker::make_room() {
    // The longest idle one is the one whose time-out comes first.
    Http1Connection* oldest = nullptr;
    for (auto* connection = first_; connection != nullptr; connection = connection->next) {
        if (!connection->idle()) continue;
        if (oldest == nullptr || connection->deadline() < oldest->deadline()) oldest = connection;
    }
    if (oldest != nullptr) oldest->close_if_idle();
}

}  // namespace portico::net
