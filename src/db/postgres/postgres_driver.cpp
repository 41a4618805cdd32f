#include "db/postgres/postgres_driver.hpp"

#include <optional>
#include <utility>

#include "db/postgres/listening.hpp"
#include "db/postgres/pools.hpp"
#include "db/postgres/raw_sql.hpp"
#include "db/postgres/schema.hpp"

namespace portico::db::postgres {
namespace {

using Kind = Operation::Kind;

void refuse(Operation& operation, Error::Kind kind, std::string why) {
    operation.error = std::make_exception_ptr(
        Error(kind, std::move(why),
              operation.decide_alone ? operation.statement.key : std::string_view{}));
}

class PostgresDriver final : public Driver {
public:
    explicit PostgresDriver(DatabaseOptions options) : options_(std::move(options)) {}

    std::expected<void, Error> open() {
        auto parameters = ConnectParameters::parse(options_.url, "database_url", options_);
        if (!parameters) return std::unexpected(std::move(parameters.error()));
        primary_.emplace(Server{*std::move(parameters), options_, background_});
        if (!options_.replica_url.empty()) {
            parameters = ConnectParameters::parse(options_.replica_url, "replica_url", options_);
            if (!parameters) return std::unexpected(std::move(parameters.error()));
            replica_.emplace(Server{*std::move(parameters), options_, background_});
        }
        return with_schema([](SchemaConnection&) { return std::expected<void, Error>{}; });
    }

    Dialect dialect() const noexcept override { return Dialect::postgresql; }

    bool start(SessionState& session, Operation& operation) override {
        auto* const transaction = static_cast<Transaction*>(session.transaction);
        const bool ends = operation.kind == Kind::commit || operation.kind == Kind::rollback;
        if (!transaction && ends) return true;
        bool writes = operation.writes;
        if (operation.decide_alone) {
            const RawSql found = classify(operation.statement.key);
            if (found == RawSql::forbidden) {
                refuse(operation, Error::Kind::statement,
                       "a program can't run this itself: sessions share connections; use commit, "
                       "rollback, savepoint, listen or copy");
                return true;
            }
            writes = writes || found == RawSql::writes;
        }
        if (writes && session.options.read_only) {
            refuse(operation, Error::Kind::read_only, "the session is read-only");
            return true;
        }
        if (!operation.context) return false;
        if (transaction) return transaction->pool->go_on(session, operation);
        const bool begins = writes || operation.kind == Kind::savepoint || operation.copies() ||
                            session.begins_at_once();
        return pool_for(session).start(session, operation, begins);
    }

    void abandon(SessionState& session) noexcept override {
        if (session.transaction) {
            const auto pool = static_cast<Transaction*>(session.transaction)->pool;
            pool->abandon(session);
        }
    }

    std::unique_ptr<Listening> listen(core::Reactor& reactor, ListenerOptions options) override {
        return std::make_unique<ListeningConnection>(primary_->server(), reactor,
                                                     std::move(options));
    }

    std::expected<void, Error> with_schema(const SchemaWork& work) override {
        auto connection = Schema::connect(primary_->server());
        if (!connection) return std::unexpected(std::move(connection.error()));
        return work(*connection);
    }

    DatabaseStatistics statistics() const override {
        DatabaseStatistics statistics;
        primary_->add_to(statistics);
        if (replica_) replica_->add_to(statistics);
        return statistics;
    }

private:
    Pool& pool_for(const SessionState& session) {
        if (session.options.read_only && replica_) {
            Pool& replica = replica_->mine();
            if (!replica.down()) return replica;
        }
        return primary_->mine();
    }

    const DatabaseOptions options_;
    Background background_;
    std::optional<Pools> primary_;
    std::optional<Pools> replica_;
};

}  // namespace

std::expected<std::unique_ptr<Driver>, Error> open_driver(DatabaseOptions options) {
    auto driver = std::make_unique<PostgresDriver>(std::move(options));
    if (auto opened = driver->open(); !opened) return std::unexpected(std::move(opened.error()));
    return driver;
}

}  // namespace portico::db::postgres
