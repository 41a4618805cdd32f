#pragma once

#include <libpq-fe.h>

#include <string>
#include <string_view>
#include <vector>

#include "db/postgres/decode.hpp"
#include "db/postgres/statement_cache.hpp"
#include "portico/db/value.hpp"

namespace portico::db::postgres {

/// One row of a result. What is decoded into text lives until the next row's same column is.
class ResultRow final : public Row {
public:
    ResultRow(const PGresult* result, const PreparedStatement& statement,
              std::vector<std::string>& texts) noexcept
        : result_(result), statement_(&statement), texts_(&texts) {}

    void move_to(int row) noexcept { row_ = row; }

    std::size_t size() const noexcept override { return statement_->columns.size(); }
    std::string_view name(std::size_t column) const noexcept override {
        return statement_->names[column];
    }
    Value operator[](std::size_t index) const noexcept override {
        const int column = static_cast<int>(index);
        if (PQgetisnull(result_, row_, column)) return {};
        const std::string_view bytes{PQgetvalue(result_, row_, column),
                                     static_cast<std::size_t>(PQgetlength(result_, row_, column))};
        const unsigned type = statement_->columns[index];
        return statement_->binary ? decode_binary(type, bytes, (*texts_)[index])
                                  : decode_text(type, bytes, (*texts_)[index]);
    }

private:
    const PGresult* result_;
    const PreparedStatement* statement_;
    std::vector<std::string>* texts_;
    int row_ = 0;
};

}  // namespace portico::db::postgres
