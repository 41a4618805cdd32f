#include "db/postgres/schema.hpp"

#include <utility>

#include "db/postgres/encode.hpp"
#include "db/postgres/fault.hpp"

namespace portico::db::postgres {

std::expected<Schema, Error> Schema::connect(const Server& server) {
    Handle handle = server.parameters.connect(server.options.connect_timeout);
    if (!handle || PQstatus(handle.get()) != CONNECTION_OK) {
        return std::unexpected(
            Error(Error::Kind::unavailable,
                  "the database does not answer: " + (handle ? last_message(handle.get()) : "")));
    }
    Schema schema{std::move(handle)};
    auto ready =
        schema.execute("SET default_transaction_read_only = off; SET statement_timeout = 0");
    if (!ready) return std::unexpected(std::move(ready.error()));
    return schema;
}

std::expected<void, Error> Schema::check(const PGresult* result, std::string_view text) {
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
        return {};
    }
    if (sqlstate(result).empty()) {
        return std::unexpected(Error(Error::Kind::unavailable, last_message(handle_.get()), text));
    }
    try {
        std::rethrow_exception(fault(result, text));
    } catch (const Error& error) {
        return std::unexpected(error);
    } catch (const std::exception& error) {
        return std::unexpected(Error(Error::Kind::unavailable, error.what(), text));
    }
}

std::expected<void, Error> Schema::execute(const std::string& sql) {
    const Result result{PQexec(handle_.get(), sql.c_str())};
    return check(result.get(), sql);
}

std::expected<std::vector<SchemaConnection::TextRow>, Error> Schema::fetch(
    std::string_view sql, std::span<const Value> parameters) {
    std::vector<std::string> texts;
    texts.reserve(parameters.size());
    for (const Value& value : parameters) {
        texts.push_back(value.has_text() ? std::string(value.text)
                                         : scaled_text(value.integer, value.scale));
    }
    std::vector<const char*> pointers;
    pointers.reserve(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        pointers.push_back(parameters[i].kind == Value::Kind::null ? nullptr : texts[i].c_str());
    }
    const Result result{PQexecParams(handle_.get(), std::string(sql).c_str(),
                                     static_cast<int>(pointers.size()), nullptr, pointers.data(),
                                     nullptr, nullptr, 0)};
    if (auto done = check(result.get(), sql); !done) return std::unexpected(done.error());
    std::vector<TextRow> rows;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
        TextRow& fields = rows.emplace_back();
        for (int field = 0; field < PQnfields(result.get()); ++field) {
            fields.emplace_back(PQgetvalue(result.get(), row, field));
        }
    }
    return rows;
}

bool Schema::in_transaction() const noexcept {
    const PGTransactionStatusType status = PQtransactionStatus(handle_.get());
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

}  // namespace portico::db::postgres
