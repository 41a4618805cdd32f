#include "db/sqlite/sqlite_driver.hpp"

#include <optional>
#include <utility>

#include "db/sqlite/readers.hpp"
#include "db/sqlite/schema.hpp"
#include "db/sqlite/writer.hpp"

namespace portico::db::sqlite {
namespace {

class SqliteDriver final : public Driver {
public:
    SqliteDriver(DatabaseOptions options, const std::string& path)
        : options_(std::move(options)), memory_(path == ":memory:"), readers_(path, options_) {
        // Its commits cost nothing, and its readers share the connection.
        if (memory_) options_.write_group = 1;
    }

    std::expected<void, Error> open(const std::string& path) {
        auto connection = Connection::open(path, Connection::Access::write, options_);
        if (!connection) return std::unexpected(std::move(connection.error()));
        writer_.emplace(*std::move(connection), options_);
        return {};
    }

    Dialect dialect() const noexcept override { return Dialect::sqlite; }

    bool start(SessionState& session, Operation& operation) override {
        using Kind = Operation::Kind;
        if (operation.copies()) {
            operation.error = std::make_exception_ptr(
                Error(Error::Kind::statement, "this database has no COPY: PostgreSQL has"));
            return true;
        }
        if (session.transaction) {
            return operation.context && writer_->submit(session, operation);
        }
        if (operation.kind == Kind::commit || operation.kind == Kind::rollback) return true;
        bool writes = operation.writes || operation.kind == Kind::savepoint;
        if (!session.options.read_only) writes = writes || session.begins_at_once();
        if (!memory_ && !writes) {
            try {
                Reader& reader = readers_.mine();
                if (operation.decide_alone) writes = reader.connection().writes(operation);
                if (operation.error) return true;
                if (!writes) return reader.run(operation, writer_->changes());
            } catch (...) {
                operation.error = std::current_exception();
                return true;
            }
        }
        if (writes && session.options.read_only) {
            operation.error =
                std::make_exception_ptr(Error(Error::Kind::read_only, "the session is read-only"));
            return true;
        }
        if (!operation.context) return false;
        return writer_->claim(session, operation, !writes);
    }

    void abandon(SessionState& session) noexcept override {
        if (session.transaction) writer_->abandon(session);
    }

    std::expected<void, Error> with_schema(const SchemaWork& work) override {
        std::expected<void, Error> result;
        writer_->run_alone([&](Connection& connection) {
            Schema schema{connection, options_};
            result = work(schema);
        });
        return result;
    }

    DatabaseStatistics statistics() const override {
        DatabaseStatistics statistics{.connections = 1};
        writer_->add_to(statistics);
        readers_.add_to(statistics);
        return statistics;
    }

private:
    DatabaseOptions options_;
    bool memory_;
    std::optional<Writer> writer_;
    Readers readers_;  // closed first: only a connection that writes can empty the log
};

}  // namespace

std::expected<std::unique_ptr<Driver>, Error> open_driver(const std::string& path,
                                                          DatabaseOptions options) {
    auto driver = std::make_unique<SqliteDriver>(std::move(options), path);
    if (auto opened = driver->open(path); !opened) return std::unexpected(opened.error());
    return driver;
}

}  // namespace portico::db::sqlite
