#include "redis/stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace portico::redis {
namespace {

using Interest = core::Reactor::Interest;

constexpr std::size_t kChunk = std::size_t{16} * 1024;
/// Of the memory of what was sent.
constexpr std::size_t kKept = std::size_t{256} * 1024;
/// After so many chunks the loop's other work has its turn.
constexpr int kMaxChunks = 16;

std::string describe(int error) {
    return std::generic_category().message(error);
}

}  // namespace

Stream::~Stream() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::shared_ptr<Stream> Stream::self() {
    return {owner_.shared_from_this(), this};
}

void Stream::connect(const Url::Host& host, const TlsContext* tls) {
    tls_context_ = tls;
    ++generation_;
    // One that is still being looked up is waited for again, not asked for twice.
    if (!resolution_ || resolution_->done() || resolved_for_ != host) {
        resolved_for_ = host;
        resolution_ = Resolution::start(host.name, host.port);
    }
    if (resolution_->done()) return resolved();
    loop_.when_ready(resolution_->descriptor(), Interest::readable, [self = self()] {
        // Readable means done; asked all the same, so that what the thread wrote is seen.
        if (self->resolution_->done()) self->resolved();
    });
}

void Stream::connect(const std::string& socket) {
    tls_context_ = nullptr;
    ++generation_;
    addresses_ = {unix_address(socket)};
    next_address_ = 0;
    try_next();
}

void Stream::close() noexcept {
    ++generation_;
    if (resolution_) loop_.forget(resolution_->descriptor());
    if (descriptor_ >= 0) {
        loop_.forget(descriptor_);
        ::close(std::exchange(descriptor_, -1));
    }
    tls_.reset();
    shaking_hands_ = false;
    waits_to_send_ = false;
    out_.clear();
    sent_ = 0;
}

void Stream::resolved() {
    const auto done = std::exchange(resolution_, nullptr);
    loop_.forget(done->descriptor());
    if (done->addresses().empty()) {
        return fail("can't look up " + resolved_for_.name + ": " + done->error());
    }
    addresses_ = done->addresses();
    next_address_ = 0;
    try_next();
}

void Stream::try_next() {
    while (next_address_ < addresses_.size()) {
        const SocketAddress& address = addresses_[next_address_++];
        const int family = address.get()->sa_family;
        descriptor_ = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (descriptor_ < 0) {
            last_error_ = describe(errno);
            continue;
        }
        if (family != AF_UNIX) {
            const int on = 1;
            ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            ::setsockopt(descriptor_, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
        }
        const int failed = ::connect(descriptor_, address.get(), address.size) == 0 ? 0 : errno;
        if (failed == 0) return connected();
        if (failed == EINPROGRESS) {
            loop_.when_ready(descriptor_, Interest::writable, [self = self()] {
                int error = 0;
                socklen_t size = sizeof error;
                ::getsockopt(self->descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
                if (error == 0) return self->connected();
                self->last_error_ = describe(error);
                self->loop_.forget(self->descriptor_);
                ::close(std::exchange(self->descriptor_, -1));
                self->try_next();
            });
            return;
        }
        last_error_ = describe(failed);
        ::close(std::exchange(descriptor_, -1));
    }
    fail(last_error_);
}

void Stream::connected() {
    if (tls_context_ == nullptr) {
        const auto generation = generation_;
        owner_.on_connected();
        if (generation == generation_) await_bytes();
        return;
    }
    tls_.emplace(*tls_context_, resolved_for_.name);
    shaking_hands_ = true;
    await_bytes();
    shake_hands();
}

void Stream::shake_hands() {
    const auto result = tls_->handshake();
    tls_->take_wire(out_);
    // An alert goes out, too.
    const auto generation = generation_;
    send();
    if (generation != generation_) return;
    if (result == TlsStream::Result::more) return;
    if (result != TlsStream::Result::done) return fail(tls_->error());
    shaking_hands_ = false;
    owner_.on_connected();
}

void Stream::await_bytes() {
    loop_.when_ready(descriptor_, Interest::readable, [self = self()] { self->receive(); });
}

void Stream::receive() {
    std::array<char, kChunk> chunk;
    const auto generation = generation_;
    for (int i = 0; i < kMaxChunks; ++i) {
        const ssize_t size = ::recv(descriptor_, chunk.data(), chunk.size(), 0);
        if (size < 0) {
            if (errno == EINTR) continue;
            if (errno == EAGAIN) break;
            return fail(describe(errno));
        }
        if (size == 0) return fail("the connection was closed");
        const std::string_view bytes(chunk.data(), static_cast<std::size_t>(size));
        if (tls_) {
            if (!decrypt(bytes)) return;
        } else {
            owner_.on_bytes(bytes);
            if (generation != generation_) return;
        }
        if (bytes.size() < chunk.size()) break;
    }
    await_bytes();
}

bool Stream::decrypt(std::string_view wire) {
    const auto generation = generation_;
    tls_->receive(wire);
    if (shaking_hands_) shake_hands();
    while (generation == generation_ && !shaking_hands_) {
        std::array<char, kChunk> plain;
        std::size_t size = 0;
        const auto result = tls_->read(plain, size);
        if (result == TlsStream::Result::done) {
            owner_.on_bytes({plain.data(), size});
            continue;
        }
        if (result == TlsStream::Result::more) break;
        fail(result == TlsStream::Result::closed ? "the connection was closed" : tls_->error());
        return false;
    }
    return generation == generation_;
}

void Stream::write(std::string& bytes) {
    if (tls_) {
        if (!bytes.empty() && tls_->write(bytes) != TlsStream::Result::done) {
            return fail(tls_->error());
        }
        tls_->take_wire(out_);
    } else if (out_.empty()) {
        out_.swap(bytes);
    } else {
        out_ += bytes;
    }
    bytes.clear();
    if (!waits_to_send_) send();
}

void Stream::send() {
    while (sent_ < out_.size()) {
        const ssize_t size =
            ::send(descriptor_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
        if (size >= 0) {
            sent_ += static_cast<std::size_t>(size);
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return fail(describe(errno));
        waits_to_send_ = true;
        loop_.when_ready(descriptor_, Interest::writable, [self = self()] {
            self->waits_to_send_ = false;
            self->send();
        });
        return;
    }
    sent_ = 0;
    out_.clear();
    if (out_.capacity() > kKept) out_ = {};
}

void Stream::fail(std::string why) {
    close();
    owner_.on_broken(std::move(why));
}

}  // namespace portico::redis
