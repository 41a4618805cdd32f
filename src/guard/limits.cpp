#include "guard/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "guard/policy.hpp"

namespace portico::guard {
namespace {

bool is_name(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

void check(const http::RateLimit& limit, std::uint32_t most) {
    if (limit.cost < 1 || limit.cost > most) {
        throw std::invalid_argument(
            fmt::format("rate limit of {} requests: expected a cost in 1–{}, got {}",
                        limit.requests, most, limit.cost));
    }
    if (!is_name(limit.name)) {
        throw std::invalid_argument(fmt::format(
            "rate limit \"{}\": a name has letters, digits, \"-\" and \"_\" alone", limit.name));
    }
}

std::uint64_t seconds_up(std::chrono::nanoseconds time) noexcept {
    return static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(time).count());
}

class Number {
public:
    explicit Number(std::uint64_t value) noexcept
        : end_(std::to_chars(text_, text_ + sizeof text_, value).ptr) {}
    [[nodiscard]] std::string_view text() const noexcept {
        return {text_, static_cast<std::size_t>(end_ - text_)};
    }

private:
    char text_[20];
    char* end_;
};

}  // namespace

CountedLimit::CountedLimit(const http::RateLimit& its_limit, std::size_t capacity,
                           std::string its_id)
    : limit(its_limit), id(std::move(its_id)) {
    if (limit.burst == 0) {
        window_.emplace(core::SlidingWindow::Options{
            .limit = limit.requests, .window = limit.window, .capacity = capacity});
    } else {
        rate_.emplace(core::Gcra::Options{.limit = limit.requests,
                                          .window = limit.window,
                                          .burst = limit.burst,
                                          .capacity = capacity});
    }
    check(limit, most());
    if (limit.name.empty()) limit.name = "default";
    policy = fmt::format("\"{}\";q={};w={}", limit.name, limit.requests, limit.window.count());
}

CountedLimit::Answer CountedLimit::acquire(std::string_view key, TimePoint now) {
    return window_ ? window_->acquire(key, now, limit.cost) : rate_->acquire(key, now, limit.cost);
}

CountedLimit::Answer CountedLimit::peek(std::string_view key, TimePoint now) const {
    return window_ ? window_->peek(key, now) : rate_->peek(key, now);
}

std::chrono::nanoseconds CountedLimit::tick() const noexcept {
    return window_ ? window_->tick() : std::chrono::nanoseconds(0);
}

std::string_view key_of(const http::RateLimit& limit, const http::Request& request,
                        const http::IpAddress& client, std::string& buffer) {
    if (limit.key != nullptr) {
        buffer = limit.key(request);
        // The texts of programs and the bytes of addresses must not meet.
        if (!buffer.empty()) return buffer += '\0';
    }
    const auto bytes = client.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::shared_ptr<const LimitGroup> Limits::own_of(const Config& config) {
    const http::RateLimit limit{.requests = config.rate_limit,
                                .window = std::chrono::seconds(config.rate_limit_window),
                                .burst = config.rate_limit_burst};
    return std::make_shared<const LimitGroup>(make({limit}, config.rate_limit_capacity, ""));
}

LimitGroup Limits::make(const std::vector<http::RateLimit>& limits, std::size_t capacity,
                        std::string_view scope) {
    LimitGroup group;
    for (const http::RateLimit& limit : limits) {
        // What is kept of a window and of a rate is not the same.
        group.push_back(std::make_unique<CountedLimit>(
            limit, capacity,
            fmt::format("{}:{}{}", scope, group.size(), limit.burst == 0 ? "" : ":burst")));
    }
    return group;
}

const LimitGroup& Limits::group_of(const Visit& visit) {
    const auto rules = visit.rules();
    const auto nearest = std::ranges::find_if(
        rules.rbegin(), rules.rend(), [](const auto& each) { return !each->rate_limits.empty(); });
    if (nearest == rules.rend()) return *visit.policy.limits;
    {
        const std::shared_lock lock(mutex_);
        const auto found = of_routes_.find(nearest->get());
        if (found != of_routes_.end()) return found->second.group;
    }
    const std::unique_lock lock(mutex_);
    auto& made = of_routes_[nearest->get()];
    if (made.rules == nullptr)
        made = {*nearest, make((*nearest)->rate_limits, capacity_, (*nearest)->scope)};
    return made.group;
}

LimitStatus acquire(const LimitGroup& group, const http::Request& request,
                    const http::IpAddress& client) {
    LimitStatus nearest;
    std::string buffer;
    const auto now = request.clock().steady_now();
    for (const auto& counted : group) {
        const auto answer = counted->acquire(key_of(counted->limit, request, client, buffer), now);
        if (nearest.counted == nullptr || answer.remaining < nearest.answer.remaining ||
            !answer.allowed) {
            nearest = {counted.get(), answer};
        }
        if (!answer.allowed) break;
    }
    return nearest;
}

void put_limit_fields(const LimitStatus& status, http::Headers& headers) {
    const auto& [counted, answer] = status;
    const Number limit(counted->most());
    const Number remaining(answer.remaining);
    const Number reset(seconds_up(answer.reset));
    headers.set("X-RateLimit-Limit", limit.text());
    headers.set("X-RateLimit-Remaining", remaining.text());
    headers.set("X-RateLimit-Reset", reset.text());
    headers.set("RateLimit-Policy", counted->policy);
    std::string field;
    field.reserve(64);
    field += '"';
    field += counted->limit.name;
    field += "\";r=";
    field += remaining.text();
    field += ";t=";
    field += reset.text();
    headers.set("RateLimit", field);
    if (answer.allowed) return;
    const Number retry(std::max<std::uint64_t>(1, seconds_up(answer.retry_after)));
    headers.set("Retry-After", retry.text());
}

}  // namespace portico::guard
