#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "db/postgres/pool.hpp"

namespace portico::db::postgres {

/// A `Pool` for each thread that uses the database, made when it first does and closed when it
/// ends.
class Pools {
public:
    explicit Pools(Server server);
    ~Pools();
    Pools(const Pools&) = delete;
    Pools& operator=(const Pools&) = delete;

    [[nodiscard]] Pool& mine();
    [[nodiscard]] const Server& server() const noexcept { return server_; }
    void add_to(DatabaseStatistics& statistics) const;

private:
    [[nodiscard]] std::shared_ptr<Pool> find_or_make();

    const Server server_;
    const std::uint64_t id_;  // no other object of this process ever has it
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<Pool>> all_;
};

}  // namespace portico::db::postgres
