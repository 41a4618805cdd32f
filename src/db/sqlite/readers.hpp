#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "db/sqlite/connection.hpp"
#include "portico/core/reactor.hpp"
#include "portico/db/driver.hpp"

namespace portico::db::sqlite {

/// The reading connection of one thread.
///
/// The reads of one wake-up of the loop share a read transaction, which the loop ends at its next
/// turn: a point read then costs a quarter. A commit of this program in between makes it start
/// anew, so nobody reads what is older than a commit that was acknowledged.
class Reader : public std::enable_shared_from_this<Reader> {
public:
    explicit Reader(std::unique_ptr<Connection> connection) noexcept
        : connection_(std::move(connection)) {}

    /// Runs the operation now. Without a context only in a transaction that is open: else false.
    [[nodiscard]] bool run(Operation& operation, std::uint64_t changes) noexcept;

    [[nodiscard]] Connection& connection() noexcept { return *connection_; }
    [[nodiscard]] std::uint64_t reads() const noexcept {
        return reads_.load(std::memory_order_relaxed);
    }

    [[nodiscard]] bool take() noexcept { return !taken_.exchange(true); }
    void leave() noexcept;
    void close() noexcept;

private:
    void end_transaction() noexcept;

    std::mutex closing_;  // the end of a transaction may meet the end of the database
    std::unique_ptr<Connection> connection_;
    bool open_ = false;
    std::uint64_t changes_ = 0;         // when the transaction began
    core::Reactor* ends_at_ = nullptr;  // the loop that will end it
    std::atomic<std::uint64_t> reads_{0};
    std::atomic<bool> taken_{true};
};

/// A `Reader` for each thread that reads, opened when it first does.
class Readers {
public:
    Readers(std::string path, const DatabaseOptions& options);
    ~Readers();
    Readers(const Readers&) = delete;
    Readers& operator=(const Readers&) = delete;

    /// Throws `Error` when no connection can be opened.
    [[nodiscard]] Reader& mine();

    void add_to(DatabaseStatistics& statistics) const;

private:
    [[nodiscard]] std::shared_ptr<Reader> find_or_open();

    const std::string path_;
    const DatabaseOptions& options_;
    const std::uint64_t id_;  // no other object of this process ever has it
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<Reader>> all_;
};

}  // namespace portico::db::sqlite
