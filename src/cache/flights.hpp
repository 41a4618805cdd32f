#pragma once

#include <coroutine>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "portico/cache/memo.hpp"
#include "portico/core/task.hpp"

namespace portico::cache {

/// How it ended that one request was served for all who ask the same.
enum class Landing {
    kept,       ///< The response is in the store.
    not_kept,   ///< It can't be kept: each is served for itself.
    abandoned,  ///< Whoever was served is gone: the next one takes its place.
};

/// The responses that are being made, by key, and who waits for them. Thread-safe.
class FlightTable {
public:
    struct Flight {
        Landing landing = Landing::abandoned;
        detail::Waiters waiters;
    };

    /// Ends at once for the first who asks, for the others when its flight has landed.
    class [[nodiscard]] Joining {
    public:
        Joining(FlightTable& table, const std::string& key) : table_(table), key_(key) {}

        [[nodiscard]] bool await_ready() const noexcept { return false; }
        template <class P>
        bool await_suspend(std::coroutine_handle<P> self) {
            context_ = core::detail::context_of(self);
            return table_.join(key_, flight_, context_, self);
        }
        /// True: the asker leads, and must land the flight.
        [[nodiscard]] std::pair<bool, Landing> await_resume() {
            if (!flight_) return {true, {}};
            core::detail::require_context(context_).throw_if_stopped();
            return {false, flight_->landing};
        }

    private:
        FlightTable& table_;
        const std::string& key_;
        core::Context* context_ = nullptr;
        std::shared_ptr<Flight> flight_;
    };

    void land(const std::string& key, Landing landing) {
        const std::scoped_lock lock(mutex_);
        const auto found = flights_.find(key);
        if (found == flights_.end()) return;
        found->second->landing = landing;
        found->second->waiters.wake();
        flights_.erase(found);
    }

private:
    /// True when it has to wait.
    bool join(const std::string& key, std::shared_ptr<Flight>& flight, core::Context* context,
              std::coroutine_handle<> self) {
        const std::scoped_lock lock(mutex_);
        auto [at, added] = flights_.try_emplace(key);
        if (added) {
            at->second = std::make_shared<Flight>();
            return false;
        }
        flight = at->second;
        flight->waiters.add(context, self);
        return true;
    }

    std::mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
};

}  // namespace portico::cache
