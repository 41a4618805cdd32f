#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "portico/core/reactor.hpp"
#include "portico/redis/url.hpp"
#include "redis/resolver.hpp"
#include "redis/tls.hpp"

namespace portico::redis {

/// A connection to one server, TCP, TLS or a Unix socket: bytes out, bytes in.
///
/// It is a member of its owner, which the loop keeps alive by what waits there for the stream. So
/// an owner that is left to its loop is gone when the loop is, and the destructors touch the loop
/// no more: they close the descriptor, that is all.
class Stream {
public:
    class Owner : public std::enable_shared_from_this<Owner> {
    public:
        virtual ~Owner() = default;

    protected:
        friend class Stream;
        virtual void on_connected() = 0;
        virtual void on_bytes(std::string_view bytes) = 0;
        /// The stream is closed by then.
        virtual void on_broken(std::string why) = 0;
    };

    Stream(Owner& owner, core::Reactor& loop) noexcept : owner_(owner), loop_(loop) {}
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// The stream must be closed. A null `tls` is none.
    void connect(const Url::Host& host, const TlsContext* tls);
    void connect(const std::string& socket);
    void close() noexcept;

    /// Takes all of `bytes`, and sends as much as the kernel takes now.
    void write(std::string& bytes);
    [[nodiscard]] std::size_t unsent() const noexcept { return out_.size() - sent_; }

private:
    // What is done in the order of these.
    void resolved();
    void try_next();
    void connected();
    void shake_hands();
    void receive();
    void send();

    /// False: the stream was closed by its owner, or has failed.
    bool decrypt(std::string_view wire);
    void await_bytes();
    void fail(std::string why);
    /// What the loop holds while it waits: this stream, and with it its owner.
    [[nodiscard]] std::shared_ptr<Stream> self();

    Owner& owner_;
    core::Reactor& loop_;
    std::shared_ptr<Resolution> resolution_;
    Url::Host resolved_for_;
    std::vector<SocketAddress> addresses_;
    std::size_t next_address_ = 0;
    std::string last_error_;
    int descriptor_ = -1;
    std::uint64_t generation_ = 0;  // of the descriptor
    const TlsContext* tls_context_ = nullptr;
    std::optional<TlsStream> tls_;
    bool shaking_hands_ = false;
    bool waits_to_send_ = false;
    std::string out_;
    std::size_t sent_ = 0;
};

}  // namespace portico::redis
