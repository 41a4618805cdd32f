#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "portico/core/reactor.hpp"
#include "portico/db/database.hpp"

namespace portico::db {

/// What a session somewhere has sent with `Session::notify` and committed.
struct Notification {
    std::string_view channel;
    std::string_view payload;
};

struct ListenerOptions {
    std::vector<std::string> channels;
    std::move_only_function<void(const Notification&)> on_notification;
    /// It listens: the first time, and again after it has lost its connection. What was sent in
    /// between is lost, so read again whatever you keep.
    std::move_only_function<void()> on_connected = {};
};

/// Hears the notifications of PostgreSQL, on a connection of its own that it makes again for as
/// long as it lives: after 50 ms, then later, at most 1 s.
///
/// Its functions are called on the loop that it was made for, where it must also be destroyed; they
/// must not throw. Throws `Error` when the database has no notifications. The database must outlive
/// it.
///
///     Listener listener{database, reactor, {.channels = {"users"},
///                                           .on_notification = [&](const Notification& sent) {
///                                               cache.forget(sent.payload);
///                                           }}};
class Listener {
public:
    Listener(const Database& database, core::Reactor& reactor, ListenerOptions options);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

private:
    std::unique_ptr<Listening> listening_;
};

}  // namespace portico::db
