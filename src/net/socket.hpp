#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstddef>
#include <span>

#include "net/loop.hpp"

namespace portico::net {

/// A connected, non-blocking socket. All bytes of a connection pass through here: a TLS session
/// sits behind the same three calls.
class Socket {
public:
    explicit Socket(int descriptor) noexcept : descriptor_(descriptor) {}

    struct Result {
        enum class Kind : std::uint8_t { some, would_block, end, failed };
        Kind kind;
        std::size_t bytes = 0;
    };
    using Kind = Result::Kind;

    [[nodiscard]] Result read(char* to, std::size_t size) const noexcept {
        for (;;) {
            const ssize_t count = ::recv(descriptor_.get(), to, size, 0);
            if (count > 0) return {Kind::some, static_cast<std::size_t>(count)};
            if (count == 0) return {Kind::end};
            if (errno == EAGAIN || errno == EWOULDBLOCK) return {Kind::would_block};
            if (errno != EINTR) return {Kind::failed};
        }
    }

    /// Never raises SIGPIPE.
    [[nodiscard]] Result write(std::span<const iovec> pieces) const noexcept {
        for (;;) {
            ssize_t count = 0;
            if (pieces.size() == 1) {
                count =
                    ::send(descriptor_.get(), pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL);
            } else {
                msghdr message{};
                message.msg_iov = const_cast<iovec*>(pieces.data());
                message.msg_iovlen = pieces.size();
                count = ::sendmsg(descriptor_.get(), &message, MSG_NOSIGNAL);
            }
            if (count >= 0) return {Kind::some, static_cast<std::size_t>(count)};
            if (errno == EAGAIN || errno == EWOULDBLOCK) return {Kind::would_block};
            if (errno != EINTR) return {Kind::failed};
        }
    }

    /// Says that nothing more will be sent; what was written is delivered first.
    void end_writing() const noexcept { ::shutdown(descriptor_.get(), SHUT_WR); }

    /// Closes with a reset, so that a cut response can't be taken for a whole one.
    void abort() noexcept {
        const linger now{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(descriptor_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
        descriptor_.close();
    }
    void close() noexcept { descriptor_.close(); }
    [[nodiscard]] int get() const noexcept { return descriptor_.get(); }
    [[nodiscard]] bool open() const noexcept { return descriptor_.open(); }

private:
    Descriptor descriptor_;
};

}  // namespace portico::net
