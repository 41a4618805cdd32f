#include "redis/connections.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

namespace portico::redis {
namespace {

std::uint64_t next_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

/// What this thread has used: a command finds its connection without a lock.
struct Known {
    std::uint64_t client;
    core::Reactor* loop;
    std::weak_ptr<Connection> connection;
};
thread_local std::vector<Known> known;

}  // namespace

Connections::Connections(std::shared_ptr<Backend> backend)
    : id_(next_id()), backend_(std::move(backend)) {}

Connections::~Connections() {
    for (const auto& weak : all_) {
        const auto connection = weak.lock();
        if (!connection) continue;
        // Held weakly: a loop that never runs again keeps nothing.
        connection->loop().post([weak] {
            if (const auto still = weak.lock()) still->close();
        });
    }
}

std::shared_ptr<Connection> Connections::of(core::Reactor& loop) {
    for (const Known& entry : known) {
        if (entry.client != id_ || entry.loop != &loop) continue;
        if (auto connection = entry.connection.lock()) return connection;
    }
    auto connection = std::make_shared<Connection>(backend_, loop);
    std::erase_if(known, [](const Known& entry) { return entry.connection.expired(); });
    known.push_back({id_, &loop, connection});
    {
        const std::scoped_lock lock(mutex_);
        std::erase_if(all_, [](const auto& weak) { return weak.expired(); });
        all_.push_back(connection);
    }
    connection->start();
    return connection;
}

bool Connections::send(std::string_view bytes) {
    for (const Known& entry : known) {
        if (entry.client != id_) continue;
        if (const auto connection = entry.connection.lock()) return connection->send(bytes);
    }
    const std::scoped_lock lock(mutex_);
    for (const auto& weak : all_) {
        const auto connection = weak.lock();
        if (!connection || !connection->is_up()) continue;
        connection->loop().post([weak, sent = std::string(bytes)] {
            if (const auto still = weak.lock()) still->send(sent);
        });
        return true;
    }
    return false;
}

ClientStatistics Connections::statistics() const {
    ClientStatistics sum;
    const std::scoped_lock lock(mutex_);
    for (const auto& weak : all_) {
        const auto connection = weak.lock();
        if (!connection) continue;
        const auto& counts = connection->counts();
        sum.commands += counts.commands.load(std::memory_order_relaxed);
        sum.writes += counts.writes.load(std::memory_order_relaxed);
        sum.timeouts += counts.timeouts.load(std::memory_order_relaxed);
        sum.refused += counts.refused.load(std::memory_order_relaxed);
        sum.connects += counts.connects.load(std::memory_order_relaxed);
        sum.connections += connection->is_up() ? 1U : 0U;
    }
    return sum;
}

}  // namespace portico::redis
