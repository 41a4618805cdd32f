#pragma once

#include <chrono>
#include <coroutine>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "portico/core/clock.hpp"
#include "portico/core/context.hpp"
#include "portico/core/reactor.hpp"
#include "portico/core/task.hpp"

namespace portico::cache {

namespace detail {

/// Who waits for a value that another is computing. Guarded by the memo's mutex.
class Waiters {
public:
    void add(core::Context* context, std::coroutine_handle<> waiter) {
        waiting_.emplace_back(context, waiter);
    }
    /// Resumes each on its own loop.
    void wake();

private:
    std::vector<std::pair<core::Context*, std::coroutine_handle<>>> waiting_;
};

}  // namespace detail

/// One value that is expensive to make, kept for a time.
///
/// However many requests ask at once, on however many loops, it is computed once for each
/// `lifetime`: the others wait for that result (no stampede). When computing throws, who computed
/// gets the exception and the next one tries. Thread-safe.
///
///     cache::Memo<Stats> stats{300s};
///     Stats now = co_await stats.get(request.clock(), [&] { return count(session); });
template <class T>
class Memo {
public:
    static constexpr bool thread_safe = true;

    explicit Memo(std::chrono::nanoseconds lifetime) noexcept : lifetime_(lifetime) {}

    /// `compute` returns a `Task<T>`; it is called on the asking coroutine's loop.
    template <class F>
        requires std::is_same_v<std::invoke_result_t<F&>, core::Task<T>>
    [[nodiscard]] core::Task<T> get(const core::Clock& clock, F compute) {
        while (true) {
            Answer answer = co_await Asking{*this, clock.steady_now()};
            if (answer.kept) co_return *std::move(answer.kept);
            if (!answer.computes) continue;
            const Computing computing{*this};
            T value = co_await compute();
            {
                const std::scoped_lock lock(mutex_);
                value_ = value;
                made_at_ = clock.steady_now();
            }
            co_return value;
        }
    }

    /// The next `get` computes.
    void clear() {
        const std::scoped_lock lock(mutex_);
        value_.reset();
    }

private:
    /// The kept value; or that the asker shall compute it; or neither, after a wait: ask again.
    struct Answer {
        std::optional<T> kept;
        bool computes = false;
    };

    class [[nodiscard]] Asking {
    public:
        Asking(Memo& memo, core::Clock::SteadyTime now) noexcept : memo_(memo), now_(now) {}

        [[nodiscard]] bool await_ready() const noexcept { return false; }
        template <class P>
        bool await_suspend(std::coroutine_handle<P> self) {
            const std::scoped_lock lock(memo_.mutex_);
            if (memo_.value_ && now_ - memo_.made_at_ < memo_.lifetime_) {
                answer_.kept = memo_.value_;
                return false;
            }
            if (!std::exchange(memo_.computing_, true)) {
                answer_.computes = true;
                return false;
            }
            context_ = core::detail::context_of(self);
            memo_.waiters_.add(context_, self);
            return true;
        }
        Answer await_resume() {
            if (context_ != nullptr) context_->throw_if_stopped();
            return std::move(answer_);
        }

    private:
        Memo& memo_;
        core::Clock::SteadyTime now_;
        core::Context* context_ = nullptr;
        Answer answer_;
    };

    class Computing {
    public:
        explicit Computing(Memo& memo) noexcept : memo_(memo) {}
        ~Computing() {
            const std::scoped_lock lock(memo_.mutex_);
            memo_.computing_ = false;
            memo_.waiters_.wake();
        }
        Computing(const Computing&) = delete;
        Computing& operator=(const Computing&) = delete;

    private:
        Memo& memo_;
    };

    std::chrono::nanoseconds lifetime_;
    std::mutex mutex_;
    bool computing_ = false;
    std::optional<T> value_;
    core::Clock::SteadyTime made_at_{};
    detail::Waiters waiters_;
};

}  // namespace portico::cache
