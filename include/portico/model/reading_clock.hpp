#pragma once

#include "portico/core/clock.hpp"

namespace portico::model {
namespace detail {

extern constinit thread_local const core::Clock* reading_clock;

}  // namespace detail

/// While it lives, `past` and `future` of what this thread reads go by `clock`; otherwise by the
/// machine's. An application reads requests by `Request::clock()`, which a `TestClient` sets.
///
///     const ReadingClock now(fake_clock);
///     auto order = read_json<Order>(text);
class ReadingClock {
public:
    explicit ReadingClock(const core::Clock& clock) noexcept : outer_(detail::reading_clock) {
        detail::reading_clock = &clock;
    }
    ~ReadingClock() { detail::reading_clock = outer_; }
    ReadingClock(const ReadingClock&) = delete;
    ReadingClock& operator=(const ReadingClock&) = delete;

private:
    const core::Clock* outer_;
};

}  // namespace portico::model
