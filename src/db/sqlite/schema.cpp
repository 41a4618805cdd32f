#include "db/sqlite/schema.hpp"

#include <utility>

namespace portico::db::sqlite {
namespace {

Error as_error(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const Error& error) {
        return error;
    } catch (const std::exception& exception) {
        return Error(Error::Kind::unavailable, exception.what());
    }
}

void write_key(std::string_view key, const void*, Dialect, std::string& out) {
    out = key;
}

void collect(void* target, const Row& row) {
    SchemaConnection::TextRow texts;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const Value value = row[i];
        if (value.kind == Value::Kind::integer) {
            texts.push_back(std::to_string(value.integer));
        } else {
            texts.emplace_back(value.has_text() ? value.text : std::string_view{});
        }
    }
    static_cast<std::vector<SchemaConnection::TextRow>*>(target)->push_back(std::move(texts));
}

}  // namespace

Schema::~Schema() {
    if (connection_.in_transaction()) (void)connection_.execute("ROLLBACK");
    (void)connection_.execute("PRAGMA foreign_keys=ON");
    sqlite3_busy_timeout(connection_.handle(), static_cast<int>(options_.busy_timeout.count()));
}

std::expected<void, Error> Schema::execute(const std::string& sql) {
    if (const auto failure = connection_.execute(sql.c_str())) {
        return std::unexpected(as_error(failure));
    }
    return {};
}

std::expected<std::vector<SchemaConnection::TextRow>, Error> Schema::fetch(
    std::string_view sql, std::span<const Value> parameters) {
    std::vector<TextRow> rows;
    Operation operation;
    operation.statement = {sql, &write_key};
    operation.parameters = parameters;
    operation.on_row = &collect;
    operation.target = &rows;
    connection_.run_trusted(operation);
    if (operation.error) return std::unexpected(as_error(operation.error));
    return rows;
}

}  // namespace portico::db::sqlite
