#pragma once

#include <string>
#include <string_view>

#include "db/sqlite/connection.hpp"
#include "portico/db/driver.hpp"

namespace portico::db::sqlite {

/// What migrations and schema checks see of a connection; what they leave behind is cleared by the
/// destructor.
class Schema final : public SchemaConnection {
public:
    Schema(Connection& connection, const DatabaseOptions& options) noexcept
        : connection_(connection), options_(options) {}
    ~Schema();
    Schema(const Schema&) = delete;
    Schema& operator=(const Schema&) = delete;

    [[nodiscard]] std::expected<void, Error> execute(const std::string& sql) override;
    [[nodiscard]] std::expected<std::vector<TextRow>, Error> fetch(
        std::string_view sql, std::span<const Value> parameters) override;
    [[nodiscard]] bool in_transaction() const noexcept override {
        return connection_.in_transaction();
    }

private:
    Connection& connection_;
    const DatabaseOptions& options_;
};

}  // namespace portico::db::sqlite
