#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "db/postgres/handle.hpp"
#include "db/postgres/server.hpp"
#include "portico/db/driver.hpp"

namespace portico::db::postgres {

/// What migrations and schema checks see of a server: a connection of their own, which blocks and
/// whose statements are not bounded.
class Schema final : public SchemaConnection {
public:
    [[nodiscard]] static std::expected<Schema, Error> connect(const Server& server);

    [[nodiscard]] std::expected<void, Error> execute(const std::string& sql) override;
    [[nodiscard]] std::expected<std::vector<TextRow>, Error> fetch(
        std::string_view sql, std::span<const Value> parameters) override;
    [[nodiscard]] bool in_transaction() const noexcept override;

private:
    explicit Schema(Handle handle) noexcept : handle_(std::move(handle)) {}

    [[nodiscard]] std::expected<void, Error> check(const PGresult* result, std::string_view text);

    Handle handle_;
};

}  // namespace portico::db::postgres
