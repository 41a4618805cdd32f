#include "guard/follow.hpp"

#include <chrono>
#include <coroutine>
#include <utility>

#include "portico/core/gather.hpp"
#include "portico/core/reactor.hpp"
#include "portico/redis/subscriber.hpp"

namespace portico::guard {
namespace {

constexpr std::chrono::milliseconds kRetry{500};

class Follower {
public:
    Follower(redis::Client& client, core::Reactor& loop, const Channel& channel)
        : loop_(loop),
          channel_(channel),
          subscriber_(
              client, loop,
              {.on_message = [this](const redis::Message& m) { channel_.on_message(m.payload); },
               .on_gap = [this] { read_all(); }}) {
        subscriber_.subscribe(channel.name);
    }
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;
    ~Follower() { loop_.cancel_timer(retry_); }

    core::Task<void> run() {
        while (!over_) {
            if (!std::exchange(gap_, false)) {
                co_await Woken{*this};
                continue;
            }
            try {
                co_await channel_.read();
            } catch (const redis::Unavailable&) {
                // Messages have a connection of their own, which may be back before that of
                // commands.
                retry_ = loop_.start_timer(loop_.now() + kRetry, [this] { read_all(); });
            } catch (const redis::Error&) {
                // It may not read them.
            }
        }
    }

    core::Task<void> end_after(core::Task<void> until) {
        try {
            co_await std::move(until);
        } catch (...) {
            end();
            throw;
        }
        end();
    }

private:
    struct Woken {
        Follower& follower;
        [[nodiscard]] bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> self) const noexcept { follower.waiter_ = self; }
        void await_resume() const noexcept {}
    };

    void wake() {
        if (waiter_) loop_.post([waiter = std::exchange(waiter_, {})] { waiter.resume(); });
    }
    void read_all() {
        gap_ = true;
        wake();
    }
    void end() {
        over_ = true;
        wake();
    }

    core::Reactor& loop_;
    const Channel& channel_;
    core::Reactor::TimerId retry_ = 0;
    std::coroutine_handle<> waiter_;
    bool gap_ = false;
    bool over_ = false;
    redis::Subscriber subscriber_;
};

}  // namespace

core::Task<void> follow(redis::Client& client, Channel channel, core::Task<void> until) {
    core::Context* const context = co_await core::this_context();
    Follower follower(client, context->reactor(), channel);
    co_await core::gather(follower.run(), follower.end_after(std::move(until)));
}

}  // namespace portico::guard
