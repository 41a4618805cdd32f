#include "portico/redis/subscriber.hpp"

#include <set>
#include <utility>

#include "redis/command.hpp"
#include "redis/connections.hpp"
#include "redis/session.hpp"

namespace portico::redis {
namespace {

using Names = std::set<std::string, std::less<>>;

}  // namespace

class Subscriber::Subscription final : public Session {
public:
    Subscription(std::shared_ptr<Backend> backend, core::Reactor& loop, SubscriberOptions options)
        : Session(std::move(backend), loop), options_(std::move(options)) {}

    void add(Names& names, std::string_view command, std::string name) {
        const auto [added, is_new] = names.insert(std::move(name));
        if (!is_new) return;
        if (!std::exchange(started_, true)) return start();
        if (state() == State::up) write(command, *added);
    }
    void remove(Names& names, std::string_view command, std::string_view name) {
        const auto found = names.find(name);
        if (found == names.end()) return;
        if (state() == State::up) write(command, *found);
        names.erase(found);
    }

    [[nodiscard]] bool ready() const noexcept { return state() == State::up && awaited_ == 0; }

    Names channels;
    Names patterns;

private:
    void on_up() override {
        awaited_ = 0;
        pinged_ = false;
        for (const std::string& name : channels) write("SUBSCRIBE", name);
        for (const std::string& name : patterns) write("PSUBSCRIBE", name);
        await_ping();
    }

    void on_down(const std::string&) override {
        awaited_ = 0;
        if (ping_timer_ != 0) loop().cancel_timer(std::exchange(ping_timer_, 0));
    }

    /// ["message", channel, payload], ["pmessage", pattern, channel, payload],
    /// ["subscribe", channel, count] and its like, ["pong", ""].
    void on_reply(Reply&& reply) override {
        if (reply.is_error()) return lose(std::string(reply.text()));
        const auto& parts = reply.elements();
        const std::string_view kind = parts.empty() ? std::string_view{} : parts[0].text();
        if (kind == "message" && parts.size() == 3) {
            options_.on_message({parts[1].text(), {}, parts[2].text()});
        } else if (kind == "pmessage" && parts.size() == 4) {
            options_.on_message({parts[2].text(), parts[1].text(), parts[3].text()});
        } else if (kind.ends_with("subscribe") && awaited_ > 0) {
            if (--awaited_ == 0 && options_.on_gap) options_.on_gap();
        } else if (kind == "pong" || reply.text() == "PONG") {
            pinged_ = false;
        } else {
            lose("it answers what was not asked");
        }
    }

    void write(std::string_view command, std::string_view name) {
        std::string out;
        write_command(out, Arguments{command, name}.span());
        ++awaited_;
        stream().write(out);
    }

    void await_ping() {
        const auto at = loop().now() + options_.ping_interval;
        ping_timer_ = loop().start_timer(at, [self = shared(this)] {
            self->ping_timer_ = 0;
            self->ping();
        });
    }

    void ping() {
        const auto silence = loop().now() - heard_at();
        if (pinged_ && silence >= options_.ping_interval) return lose("it gives no sign of life");
        pinged_ = true;
        std::string out;
        write_command(out, Arguments{"PING"}.span());
        stream().write(out);
        if (state() == State::up) await_ping();
    }

    SubscriberOptions options_;
    bool started_ = false;
    std::size_t awaited_ = 0;  // confirmations that are to come
    bool pinged_ = false;
    core::Reactor::TimerId ping_timer_ = 0;
};

Subscriber::Subscriber(Client& client, core::Reactor& loop, SubscriberOptions options)
    : unused_(std::make_shared<Subscription>(client.connections_->backend(), loop,
                                             std::move(options))) {
    subscription_ = unused_;
}

Subscriber::~Subscriber() {
    if (const auto subscription = subscription_.lock()) subscription->close();
}

void Subscriber::subscribe(std::string channel) {
    if (const auto subscription = subscription_.lock()) {
        subscription->add(subscription->channels, "SUBSCRIBE", std::move(channel));
        unused_.reset();
    }
}

void Subscriber::psubscribe(std::string pattern) {
    if (const auto subscription = subscription_.lock()) {
        subscription->add(subscription->patterns, "PSUBSCRIBE", std::move(pattern));
        unused_.reset();
    }
}

void Subscriber::unsubscribe(std::string_view channel) {
    if (const auto subscription = subscription_.lock()) {
        subscription->remove(subscription->channels, "UNSUBSCRIBE", channel);
    }
}

void Subscriber::punsubscribe(std::string_view pattern) {
    if (const auto subscription = subscription_.lock()) {
        subscription->remove(subscription->patterns, "PUNSUBSCRIBE", pattern);
    }
}

bool Subscriber::ready() const noexcept {
    const auto subscription = subscription_.lock();
    return subscription && subscription->ready();
}

}  // namespace portico::redis
