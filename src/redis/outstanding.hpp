#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "portico/core/reactor.hpp"

namespace portico::redis {

namespace detail {
class Call;
}

/// What was sent together and is not answered yet.
struct Sent {
    detail::Call* call = nullptr;  ///< Null: nobody waits (any more).
    std::size_t replies = 0;       ///< That are to come.
    core::Reactor::TimePoint at{};
    core::Reactor::TimePoint wakes{};      ///< When the request's time is up, or its own.
    core::Reactor::TimePoint times_out{};  ///< When its own is.
    core::Reactor::TimePoint due{};        ///< Without an answer by then, Redis is too slow.
};

/// A queue whose entries are known by their number: a ring that grows.
class Outstanding {
public:
    [[nodiscard]] bool empty() const noexcept { return first_ == end_; }
    [[nodiscard]] std::size_t size() const noexcept { return end_ - first_; }
    [[nodiscard]] std::uint64_t first() const noexcept { return first_; }
    [[nodiscard]] std::uint64_t end() const noexcept { return end_; }
    [[nodiscard]] Sent& operator[](std::uint64_t number) noexcept {
        return ring_[number & (ring_.size() - 1)];
    }
    [[nodiscard]] Sent& front() noexcept { return (*this)[first_]; }

    /// Gives the entry's number.
    std::uint64_t push(const Sent& sent) {
        if (size() == ring_.size()) grow();
        (*this)[end_] = sent;
        return end_++;
    }
    void pop() noexcept { ++first_; }

private:
    void grow() {
        std::vector<Sent> larger(std::max<std::size_t>(ring_.size() * 2, 16));
        for (std::uint64_t i = first_; i != end_; ++i) larger[i & (larger.size() - 1)] = (*this)[i];
        ring_ = std::move(larger);
    }

    std::vector<Sent> ring_;  // of a power of two
    std::uint64_t first_ = 0;
    std::uint64_t end_ = 0;
};

}  // namespace portico::redis
