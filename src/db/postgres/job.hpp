#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>

#include "db/postgres/statement_cache.hpp"
#include "portico/db/driver.hpp"

namespace portico::db::postgres {

class Connection;
class Pool;

/// A session's hold on a connection, from its first write to its end. `SessionState::transaction`
/// points to it.
struct Transaction {
    std::shared_ptr<Pool> pool;
    const char* begin = nullptr;       ///< The text of its BEGIN.
    Connection* connection = nullptr;  ///< Null: not there yet, or over.
    std::exception_ptr why_over;       ///< The connection broke: the session does not know yet.
    bool begun = false;                ///< BEGIN is sent.
    bool fresh = true;                 ///< Nothing has succeeded in it: it can be begun anew.
};

/// An operation on its way.
struct Job {
    Operation* operation = nullptr;
    SessionState* session = nullptr;
    Transaction* transaction = nullptr;  ///< Null: a statement by itself.
    std::shared_ptr<PreparedStatement> statement;
    std::chrono::steady_clock::time_point since;  ///< When it was asked for, or sent.

    std::uint16_t passed_over = 0;
    bool running = false;         ///< Its statement is sent, not only prepared.
    bool first = false;           ///< It brought the BEGIN.
    bool aborted = false;         ///< The server passed over it: an earlier one has failed.
    bool refused = false;         ///< The server has answered with an error: `error`.
    bool stale = false;           ///< With one that says: prepare it again.
    bool wants_to_write = false;  ///< In a read-only transaction.
    bool answered = false;        ///< Rows were handed over.
    std::uint8_t losses = 0;      ///< Connections that were lost under it.
    bool retried = false;
    bool prepared_again = false;
    bool cancelling = false;
    std::exception_ptr error;
};

}  // namespace portico::db::postgres
