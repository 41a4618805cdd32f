#pragma once

#include <sys/uio.h>

#include <array>
#include <coroutine>
#include <cstdint>
#include <memory>
#include <string_view>

#include "net/http1_exchange.hpp"
#include "net/loop.hpp"
#include "net/response_head.hpp"
#include "net/socket.hpp"
#include "net/websocket_session.hpp"
#include "portico/http/ip_address.hpp"

namespace portico::net {

class Worker;

/// The socket of one client: reads requests, has them answered one after the other, in order.
///
/// `advance` is the whole of it: it moves from phase to phase until one has to wait. Events, ticks,
/// and handlers that finish later only note what happened and call it.
class Http1Connection final : public Loop::Source {
public:
    Http1Connection(Worker& worker, int descriptor, const http::IpAddress& peer,
                    std::uint16_t peer_port);
    ~Http1Connection() override;

    /// False when the socket can't be watched.
    [[nodiscard]] bool start();

    void on_events(std::uint32_t events) override;
    void on_deferred() override { advance(); }
    /// Looks at the clock; about every quarter of a second.
    void on_tick();

    /// Closes it if no request is there, not even in the kernel.
    void close_if_idle();
    /// Between two requests; since when.
    [[nodiscard]] bool idle() const noexcept { return phase_ == Phase::idle; }
    [[nodiscard]] core::Reactor::TimePoint deadline() const noexcept { return deadline_; }
    /// The server stops: tells the other end of a WebSocket.
    void begin_stop();
    /// Cuts it off and cancels its request.
    void abort();

    // For the exchange.
    void response_complete() noexcept;
    void want_input(std::coroutine_handle<> reader);
    [[nodiscard]] http::WebSocketChannel* upgrade(const http::WebSocketLimits& limits);
    [[nodiscard]] bool input_timed_out() const noexcept;

    Http1Connection* previous = nullptr;
    Http1Connection* next = nullptr;

private:
    enum class Phase : std::uint8_t {
        idle,       ///< Nothing of a request has come.
        head,       ///< A part of a head has come.
        handling,   ///< The handler has the request.
        writing,    ///< The response is on its way.
        websocket,  ///< The request has become a WebSocket.
        draining,   ///< The response is out; the rest of the request's body is thrown away.
        lingering,  ///< Nothing more is sent; waiting for the client to close.
        lost,       ///< The socket is closed; waiting for the handler to notice.
        closed,
    };
    class Flushed;

    void advance();
    [[nodiscard]] bool read_head();
    /// True: there is a request, or something to answer it with.
    [[nodiscard]] bool parse_head();
    /// False: its head has not come yet, or was none and the connection is lost.
    [[nodiscard]] bool pass_proxy_head();
    [[nodiscard]] bool read_body();
    [[nodiscard]] bool write_response();
    [[nodiscard]] bool drain();
    [[nodiscard]] bool linger();
    [[nodiscard]] bool wind_up();
    [[nodiscard]] bool advance_websocket();
    [[nodiscard]] bool write_websocket();
    void tick_websocket(core::Reactor::TimePoint now);
    [[nodiscard]] bool in_request() const noexcept {
        return phase_ == Phase::handling || phase_ == Phase::writing || phase_ == Phase::websocket;
    }

    void begin_request();
    void refuse(http::Refusal refusal, bool keep_request);
    void identify(std::string_view wanted);
    void begin_response();
    void finish_response();
    void next_request();
    void begin_linger();
    void lose();
    void destroy();

    [[nodiscard]] Socket::Result receive(Http1Exchange::Space space);
    void queue(std::string_view bytes) noexcept;
    /// True when nothing is queued any more, or the socket is lost.
    [[nodiscard]] bool flush();
    [[nodiscard]] core::Task<void> pump(std::optional<std::uint64_t> length, Framing framing);
    [[nodiscard]] core::Task<void> write_pieces(http::BodyStream& stream,
                                                std::optional<std::uint64_t> length,
                                                Framing framing);
    void send_continue();
    void release_application() noexcept;

    Worker& worker_;
    Socket socket_;
    Phase phase_ = Phase::idle;
    bool busy_ = false;        ///< `advance` is running.
    bool may_read_ = false;    ///< An edge has come since `recv` last said that there is nothing.
    bool peer_ended_ = false;  ///< The end of the stream is to be read, or was.
    bool watches_writable_ = false;
    bool response_ready_ = false;
    bool handler_has_it_ = false;
    bool keep_alive_ = true;
    bool awaits_proxy_head_;
    bool close_after_ = false;
    bool continue_wanted_ = false;
    bool pumping_ = false;
    bool pump_failed_ = false;
    bool head_queued_ = false;
    std::uint16_t peer_port_;
    http::IpAddress peer_;
    core::Reactor::TimePoint deadline_;
    std::unique_ptr<Http1Exchange> exchange_;
    std::unique_ptr<WebSocketSession> websocket_;

    std::coroutine_handle<> reader_;
    std::coroutine_handle<> writer_;
    core::Reactor::TimePoint reading_since_{};
    std::chrono::nanoseconds read_time_{};

    std::array<iovec, 3> pieces_{};
    std::size_t first_piece_ = 0;
    std::size_t piece_count_ = 0;
    std::uint64_t drain_end_ = 0;  ///< Of the body: a longer rest is not waited for.
    std::size_t budget_ = 0;       ///< Bytes that this wake-up may still move for the connection.
};

/// Ends when a waiting body reader has bytes, the end, or an error.
class MoreInput {
public:
    explicit MoreInput(Http1Connection& connection) noexcept : connection_(connection) {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> self) {
        context_ = core::detail::context_of(self);
        connection_.want_input(self);
    }
    void await_resume() const {
        if (context_ != nullptr) context_->throw_if_stopped();
    }

private:
    Http1Connection& connection_;
    core::Context* context_ = nullptr;
};

}  // namespace portico::net
