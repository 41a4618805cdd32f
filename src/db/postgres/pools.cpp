#include "db/postgres/pools.hpp"

#include <atomic>
#include <utility>

namespace portico::db::postgres {
namespace {

std::uint64_t next_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

// A thread's pools, of every open database; given back when the thread ends.
struct ThreadPools {
    struct Entry {
        std::uint64_t owner = 0;
        std::shared_ptr<Pool> pool;
    };
    std::vector<Entry> entries;

    ~ThreadPools() {
        for (Entry& entry : entries) entry.pool->leave();
    }
};

thread_local ThreadPools thread_pools;

}  // namespace

Pools::Pools(Server server) : server_(std::move(server)), id_(next_id()) {}

Pools::~Pools() {
    for (const auto& pool : all_) pool->close();
}

Pool& Pools::mine() {
    for (const auto& [owner, pool] : thread_pools.entries) {
        if (owner == id_) return *pool;
    }
    // Those of databases that are gone would only pile up.
    std::erase_if(thread_pools.entries,
                  [](const auto& entry) { return entry.pool.use_count() == 1; });
    thread_pools.entries.push_back({id_, find_or_make()});
    return *thread_pools.entries.back().pool;
}

std::shared_ptr<Pool> Pools::find_or_make() {
    const std::lock_guard lock(mutex_);
    for (const auto& pool : all_) {
        if (pool->take()) return pool;
    }
    all_.push_back(std::make_shared<Pool>(server_));
    return all_.back();
}

void Pools::add_to(DatabaseStatistics& statistics) const {
    const std::lock_guard lock(mutex_);
    for (const auto& pool : all_) pool->add_to(statistics);
}

}  // namespace portico::db::postgres
