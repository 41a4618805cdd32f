#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "portico/core/task.hpp"
#include "portico/redis/argument.hpp"
#include "portico/redis/detail/call.hpp"
#include "portico/redis/error.hpp"
#include "portico/redis/options.hpp"
#include "portico/redis/pipeline.hpp"
#include "portico/redis/reply.hpp"
#include "portico/redis/script.hpp"
#include "portico/redis/url.hpp"

namespace portico::redis {

struct SetOptions {
    std::chrono::milliseconds ttl{0};  ///< 0: it stays.
    bool only_if_absent = false;
};

/// A client of one Redis or Valkey (RESP2), for all of a program. Thread-safe.
///
/// Each loop has a connection of its own, made when it is used first. Commands that are started in
/// one turn of a loop leave in one write, and nobody waits for another's answer: a slow command
/// alone holds up those behind it. A command that gets no answer in its time fails with `Timeout`.
///
/// While Redis is away, commands fail at once with `Unavailable`, until a reconnect in the
/// background succeeds: tries begin after 50 ms and come every 2 s at most. So a program that can
/// do without catches `Unavailable`, and one that can't answers 503. The same holds for a Redis
/// that has left commands unanswered for the whole of `timeout`; after twice that time the
/// connection is given up. With Sentinel a reconnect asks for the master.
///
/// Every function that is awaited throws `Error` when Redis answers with one, `Unavailable`,
/// `Timeout`, and what a `co_await` of its context throws; `core::NoContext` outside a loop.
/// Destroy the client on no loop's way to its end: before or after the loops.
///
///     auto client = redis::Client::open({.url = "redis://localhost"}).value();
///     co_await client.set("greeting", "hello", {.ttl = 60s});
///     std::optional<std::string> text = co_await client.get("greeting");
///     Reply members = co_await client.command("SMEMBERS", "friends");
class Client {
public:
    static constexpr bool thread_safe = true;

    /// Checks the options and connects to nothing yet. The error is a sentence without a password.
    [[nodiscard]] static std::expected<Client, std::string> open(ClientOptions options);

    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;
    /// Commands that wait fail with `Unavailable`.
    ~Client();

    /// Any command that is not about the connection itself, which others use too: AUTH, SELECT,
    /// MULTI, WATCH, SUBSCRIBE, MONITOR and those that block are refused (`std::logic_error`). Use
    /// the URL, `transaction` and `Subscriber`.
    template <class... A>
    [[nodiscard]] Pending<Reply, sizeof...(A) + 1> command(std::string_view name,
                                                           const A&... arguments) {
        return typed<Reply>(name, arguments...);
    }
    /// The same from a list, whose first is the command.
    [[nodiscard]] core::Task<Reply> command(Arguments words);

    [[nodiscard]] auto get(std::string_view key) {
        return typed<std::optional<std::string>>("GET", key);
    }
    /// False: it was there already.
    [[nodiscard]] Pending<bool, 6> set(std::string_view key, const Argument& value,
                                       SetOptions options = {});
    /// Whether it was there.
    [[nodiscard]] auto del(std::string_view key) { return typed<bool>("DEL", key); }
    /// The new value.
    [[nodiscard]] auto incr(std::string_view key, std::int64_t by = 1) {
        return typed<std::int64_t>("INCRBY", key, by);
    }
    /// Whether there is such a key.
    [[nodiscard]] auto expire(std::string_view key, std::chrono::milliseconds ttl) {
        return typed<bool>("PEXPIRE", key, ttl.count());
    }
    /// How many have subscribed, on this server.
    [[nodiscard]] auto publish(std::string_view channel, std::string_view message) {
        return typed<std::int64_t>("PUBLISH", channel, message);
    }
    [[nodiscard]] auto ping() { return typed<void>("PING"); }

    /// Runs a script, which must outlive the task. Arguments are copied.
    [[nodiscard]] core::Task<Reply> eval(const Script& script, Arguments keys,
                                         Arguments arguments = {});

    /// All of a pipeline's commands, in order, not undivided. Errors are among the replies; only
    /// the failures of all together are thrown.
    [[nodiscard]] core::Task<std::vector<Reply>> run(Pipeline pipeline);
    /// The same as one transaction (MULTI, EXEC): nothing of others runs in between. Throws `Error`
    /// when Redis carries none of it out, because a command is wrong in itself.
    [[nodiscard]] core::Task<std::vector<Reply>> transaction(Pipeline pipeline);

    /// Sends and does not wait: nobody is told what became of it. From any thread; on a thread that
    /// has not used the client it goes through another's connection. False: not sent.
    bool send(Arguments words);

    /// False: Redis is known to be away, and commands fail at once.
    [[nodiscard]] bool available() const noexcept;
    [[nodiscard]] ClientStatistics statistics() const;

private:
    friend class Subscriber;

    explicit Client(std::shared_ptr<Connections> connections) noexcept;

    template <class T, class... A>
    [[nodiscard]] Pending<T, sizeof...(A) + 1> typed(std::string_view name, const A&... arguments) {
        return Pending<T, sizeof...(A) + 1>(
            *connections_,
            std::array<Argument, sizeof...(A) + 1>{Argument(name), Argument(arguments)...});
    }

    std::shared_ptr<Connections> connections_;
};

}  // namespace portico::redis
