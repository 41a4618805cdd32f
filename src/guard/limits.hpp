#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "guard/visit.hpp"
#include "portico/core/gcra.hpp"
#include "portico/core/sliding_window.hpp"
#include "portico/guard/config.hpp"
#include "portico/http/rate_limit.hpp"

namespace portico::guard {

/// A rate limit and its count.
class CountedLimit {
public:
    using Answer = core::SlidingWindow::Answer;
    using TimePoint = core::SlidingWindow::TimePoint;

    /// `its_id`: the same in every instance of a program.
    CountedLimit(const http::RateLimit& its_limit, std::size_t capacity, std::string its_id = {});

    [[nodiscard]] Answer acquire(std::string_view key, TimePoint now);
    /// What is left, counting nothing.
    [[nodiscard]] Answer peek(std::string_view key, TimePoint now) const;

    /// How many may come at once.
    [[nodiscard]] std::uint32_t most() const noexcept {
        return limit.burst != 0 ? limit.burst : limit.requests;
    }
    /// Requests within it leave the window together.
    [[nodiscard]] std::chrono::nanoseconds tick() const noexcept;

    http::RateLimit limit;
    std::string policy;  ///< For the field `RateLimit-Policy`.
    std::string id;

private:
    // One of them.
    std::optional<core::SlidingWindow> window_;
    std::optional<core::Gcra> rate_;
};

/// Those that a request is under; they stay where they are.
using LimitGroup = std::vector<std::unique_ptr<CountedLimit>>;

/// Where a request stands with the limit that it is nearest to; in the request's arena.
struct LimitStatus {
    const CountedLimit* counted = nullptr;
    CountedLimit::Answer answer;
};

/// Counts a request in each limit, until one is used up.
[[nodiscard]] LimitStatus acquire(const LimitGroup& group, const http::Request& request,
                                  const http::IpAddress& client);

/// The limits of the configuration and of routes.
class Limits {
public:
    explicit Limits(std::size_t capacity) : capacity_(capacity) {}

    /// The limit that the configuration itself says.
    [[nodiscard]] static std::shared_ptr<const LimitGroup> own_of(const Config& config);

    [[nodiscard]] const LimitGroup& group_of(const Visit& visit);

private:
    [[nodiscard]] static LimitGroup make(const std::vector<http::RateLimit>& limits,
                                         std::size_t capacity, std::string_view scope);

    std::size_t capacity_;
    std::shared_mutex mutex_;
    /// By the rules that ask for them, which are kept alive with them.
    struct OfRules {
        std::shared_ptr<const http::AccessRules> rules;
        LimitGroup group;
    };
    std::unordered_map<const http::AccessRules*, OfRules> of_routes_;
};

/// Puts `X-RateLimit-*`, `RateLimit` and `RateLimit-Policy` on an answer, and `Retry-After` on one
/// that refuses.
void put_limit_fields(const LimitStatus& status, http::Headers& headers);

/// The text that a request is counted by.
[[nodiscard]] std::string_view key_of(const http::RateLimit& limit, const http::Request& request,
                                      const http::IpAddress& client, std::string& buffer);

}  // namespace portico::guard
