#pragma once

#include <libpq-fe.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "db/postgres/connect_parameters.hpp"
#include "portico/core/executor.hpp"

namespace portico::db::postgres {

/// A look-up of names that is under way. Its descriptor is readable when it is done, so that
/// whoever waits may go without a word.
class Lookup {
public:
    Lookup();
    ~Lookup();
    Lookup(const Lookup&) = delete;
    Lookup& operator=(const Lookup&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    /// Every address of every host, in order; empty when no name is known. Once it is readable.
    [[nodiscard]] std::vector<Host> hosts();

private:
    friend class Background;
    void finish(std::vector<Host> hosts);

    int descriptor_;
    std::mutex mutex_;
    std::vector<Host> hosts_;
};

/// What libpq would block a loop with: threads of a driver's own.
class Background {
public:
    /// Null when its queue is full.
    [[nodiscard]] std::shared_ptr<Lookup> look_up(std::vector<Host> hosts);
    /// Asks the server to cancel what the connection runs. Best effort; false: not even tried.
    bool cancel(PGconn* connection);

private:
    core::Executor executor_{{.name = "postgres", .threads = 2, .queue_capacity = 256}};
};

}  // namespace portico::db::postgres
