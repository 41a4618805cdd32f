#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace portico::http {

class Request;

/// How many requests are served in a window of that length. What it is counted by is the client's
/// address (IPv6: its /64 network), or what `key` says.
///
///     RateLimit{.requests = 100, .window = 1min}
///     RateLimit{.requests = 600, .window = 1min, .burst = 20}  // ten a second, twenty at once
///     RateLimit{.requests = 1000, .window = 1h, .name = "keys", .key = &api_key_of}
struct RateLimit {
    std::uint32_t requests = 100;     ///< 1 to 2³¹−1.
    std::chrono::seconds window{60};  ///< 1 second to 30 days.
    /// 0: any mix of them, never more in any window. Else so many at once, and then evenly one
    /// whenever a `requests`-th of the window has passed (GCRA): up to a year's requests.
    std::uint32_t burst = 0;
    /// What one request counts; 1 to `requests`, or to `burst`.
    std::uint32_t cost = 1;
    /// In the fields `RateLimit` and `RateLimit-Policy`; empty: "default". Letters, digits, "-_".
    std::string name = {};
    /// The text to count by; an empty one is counted by the client's address. Called on the
    /// request's loop.
    std::string (*key)(const Request&) = nullptr;
};

}  // namespace portico::http
