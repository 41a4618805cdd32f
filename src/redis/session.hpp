#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "portico/core/reactor.hpp"
#include "redis/backend.hpp"
#include "redis/reply_parser.hpp"
#include "redis/stream.hpp"

namespace portico::redis {

/// A connection that is logged in, and made again when it is lost: finds the master through the
/// Sentinels where there are some, connects, logs in, and waits with growing, jittered pauses
/// between tries. `Connection` and `Subscriber` are what goes over it. On its loop's thread; the
/// loop keeps it, see `Stream`.
class Session : public Stream::Owner {
public:
    Session(std::shared_ptr<Backend> backend, core::Reactor& loop);
    ~Session() override;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void start();
    /// For good.
    void close();
    [[nodiscard]] core::Reactor& loop() const noexcept { return loop_; }

protected:
    enum class State : std::uint8_t {
        connecting,  ///< For the first time.
        up,
        down,  ///< Lost; tries go on.
        closed,
    };

    virtual void on_up() = 0;
    virtual void on_reply(Reply&& reply) = 0;
    /// It was not up before when the first try has failed.
    virtual void on_down(const std::string& why) = 0;

    [[nodiscard]] State state() const noexcept { return state_; }
    [[nodiscard]] const Backend& backend() const noexcept { return *backend_; }
    [[nodiscard]] Stream& stream() noexcept { return stream_; }
    [[nodiscard]] core::Reactor::TimePoint heard_at() const noexcept { return heard_at_; }
    /// The connection is of no use: another is made.
    void lose(std::string why);

    template <class Self>
    [[nodiscard]] std::shared_ptr<Self> shared(Self* self) {
        return {shared_from_this(), self};
    }

private:
    void on_connected() override;
    void on_bytes(std::string_view bytes) override;
    void on_broken(std::string why) override;

    void try_to_connect();
    void ask_sentinel();
    void log_in();
    void on_step(Reply&& reply);
    void on_sentinel_answer(const Reply& reply);
    void succeeded();
    void connect_to(const Url::Host& host);
    void start_timer(std::chrono::milliseconds after, void (Session::*then)());
    void stop_timer() noexcept;
    [[nodiscard]] std::chrono::milliseconds pause();
    void add_login(std::string& to, std::size_t& replies, std::string_view user,
                   std::string_view password);

    std::shared_ptr<Backend> backend_;
    core::Reactor& loop_;
    Stream stream_;
    std::optional<ReplyParser> parser_;
    State state_ = State::connecting;
    bool told_lost_ = false;
    bool asking_sentinel_ = false;
    std::size_t sentinel_ = 0;
    std::size_t steps_ = 0;  // answers of the log-in that are to come
    std::uint64_t attempt_ = 0;
    unsigned failures_ = 0;  // in a row
    std::uint64_t random_;
    std::string where_;  // for messages
    core::Reactor::TimerId timer_ = 0;
    core::Reactor::TimePoint up_at_{};
    core::Reactor::TimePoint heard_at_{};
};

}  // namespace portico::redis
