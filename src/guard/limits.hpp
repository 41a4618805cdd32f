#pragma once

#include <array>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "guard/visit.hpp"
#include "portico/core/sliding_window.hpp"
#include "portico/guard/config.hpp"
#include "portico/http/rate_limit.hpp"

namespace portico::guard {

/// A rate limit and its count.
struct CountedLimit {
    CountedLimit(const http::RateLimit& its_limit, std::size_t capacity, std::string its_id = {});

    http::RateLimit limit;
    core::SlidingWindow window;
    std::string policy;  ///< For the field `RateLimit-Policy`.
    std::string id;      ///< The same in every instance of a program.
};

/// Where a request stands with the limit that it is nearest to; in the request's arena.
struct LimitStatus {
    const CountedLimit* counted = nullptr;
    core::SlidingWindow::Answer answer;
};

/// The limits of the configuration and of routes.
class Limits {
public:
    using Group = std::vector<std::unique_ptr<CountedLimit>>;

    explicit Limits(std::size_t capacity) : capacity_(capacity) {}

    /// The limit that the configuration itself says.
    [[nodiscard]] static std::shared_ptr<const Group> own_of(const Config& config);

    /// Those that a request is under; they stay where they are.
    [[nodiscard]] const Group& group_of(const Visit& visit);

    /// Counts a request in each limit that it is under, until one is used up.
    [[nodiscard]] LimitStatus acquire(const Visit& visit);

private:
    [[nodiscard]] static Group make(const std::vector<http::RateLimit>& limits,
                                    std::size_t capacity, std::string_view scope);

    std::size_t capacity_;
    std::shared_mutex mutex_;
    /// By the rules that ask for them, which are kept alive with them.
    struct OfRules {
        std::shared_ptr<const http::AccessRules> rules;
        Group group;
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
