#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "portico/core/reactor.hpp"
#include "portico/redis/client.hpp"

namespace portico::redis {

/// A message that was published. Its texts are gone after the callback.
struct Message {
    std::string_view channel;
    std::string_view pattern;  ///< That the channel fits; empty for a subscribed channel.
    std::string_view payload;
};

/// The callbacks must not throw.
struct SubscriberOptions {
    std::function<void(const Message& message)> on_message;
    /// From here on messages arrive, and earlier ones may have been missed: called when all that
    /// is subscribed is in force, the first time, after every reconnect and every change of it.
    /// Drop here what was kept on the word of the messages.
    std::function<void()> on_gap = {};
    /// Redis is asked for a sign of life so often; without one it is lost.
    std::chrono::milliseconds ping_interval{5000};
};

/// Listens to channels of a client's Redis, on a connection of its own, which reconnects and
/// subscribes again by itself. Belongs to one loop: all is called, and calls back, on its thread.
///
///     redis::Subscriber subscriber(client, context->reactor(), {.on_message = […](auto& m) { …
///     }}); subscriber.subscribe("news"); co_await serving;
class Subscriber {
public:
    Subscriber(Client& client, core::Reactor& loop, SubscriberOptions options);
    Subscriber(const Subscriber&) = delete;
    Subscriber& operator=(const Subscriber&) = delete;
    ~Subscriber();

    /// Connects, the first time. Again for the same is nothing.
    void subscribe(std::string channel);
    /// All channels that fit the pattern: "news.*".
    void psubscribe(std::string pattern);
    void unsubscribe(std::string_view channel);
    void punsubscribe(std::string_view pattern);

    /// All that is subscribed is in force.
    [[nodiscard]] bool ready() const noexcept;

private:
    class Subscription;

    std::weak_ptr<Subscription> subscription_;
    // Until the loop holds it, with the first wait for its descriptor.
    std::shared_ptr<Subscription> unused_;
};

}  // namespace portico::redis
