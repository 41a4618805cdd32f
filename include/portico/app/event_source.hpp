#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "portico/core/generator.hpp"
#include "portico/model/write.hpp"

namespace portico::app {

/// A value as JSON text: made of a model, or of anything else that JSON has.
class EventData {
public:
    template <class T>
        requires(!std::is_same_v<T, EventData> && !std::is_convertible_v<const T&, const char*>)
    // NOLINTNEXTLINE(google-explicit-constructor)
    EventData(const T& value) : json_(model::to_json(value)) {}
    // NOLINTNEXTLINE(google-explicit-constructor)
    EventData(const char* text) : EventData(std::string(text)) {}

    [[nodiscard]] const std::string& json() const noexcept { return json_; }

private:
    std::string json_;
};

/// One event of an `EventSourceResponse` (WHATWG HTML §9.2.5). Written in this order.
///
///     co_yield {.data = Price{"pen", 2}, .event = "price", .id = "17"};
struct ServerSentEvent {
    std::optional<EventData> data = {};        ///< Sent as JSON.
    std::optional<std::string> raw_data = {};  ///< Sent as it is, instead of `data`; any lines.
    std::optional<std::string> event = {};     ///< The event's type. One line.
    /// Comes back as `Last-Event-ID` when the client has lost the connection. One line, no NUL.
    std::optional<std::string> id = {};
    std::optional<std::int64_t> retry = {};  ///< Milliseconds before connecting again; not below 0.
    std::optional<std::string> comment = {};  ///< Not seen by the page; any lines.

    /// Throws `std::invalid_argument` for what the comments above exclude.
    void append_to(std::string& out) const;
};

/// Server-sent events, for as long as the client listens: `text/event-stream`.
///
/// A handler with this result is a generator: it yields events, or items that become one event's
/// `data` each. While it has nothing for 15 seconds a comment keeps the connection open. When the
/// client is gone, the next `co_await` throws `Cancelled`. No deadline counts. An exception cuts
/// the connection, for the status is sent: what may be refused is refused in a dependency, or in a
/// plain handler that returns a generator's result.
///
///     app.get("/ticks", [](Header<std::optional<std::string>, "Last-Event-ID"> last)
///                           -> EventSourceResponse<Tick> {
///         for (int n = 0;; ++n) {
///             co_yield Tick{n};
///             co_await sleep_for(1s);
///         }
///     });
template <class T = ServerSentEvent>
class EventSourceResponse {
public:
    using promise_type = typename core::Generator<T>::promise_type;

    // NOLINTNEXTLINE(google-explicit-constructor)
    EventSourceResponse(core::Generator<T> its_events) : events(std::move(its_events)) {}

    core::AnyGenerator events;
};

}  // namespace portico::app
