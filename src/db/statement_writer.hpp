#pragma once

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "portico/db/detail/statements.hpp"

namespace portico::db::detail {

/// Reads the key of a statement and writes its SQL, once.
class StatementWriter {
public:
    StatementWriter(std::string_view key, Dialect dialect, std::string& out)
        : rest_(key), dialect_(dialect), out_(out) {
        tables_.push_back({&next_table(), false});
    }

    void write();

private:
    struct Joined {
        const TableInfo* table;
        bool hides_deleted;
    };

    // ---- reading the key

    char next() {
        const char token = rest_.front();
        rest_.remove_prefix(1);
        return token;
    }
    unsigned next_number() { return static_cast<unsigned char>(next()); }
    bool skip(char token) {
        if (!rest_.starts_with(token)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    const TableInfo& next_table() {
        const TableInfo* table = nullptr;
        std::memcpy(&table, rest_.data(), sizeof table);
        rest_.remove_prefix(sizeof table);
        return *table;
    }
    const ColumnInfo& next_column() { return main().columns[next_number()]; }

    [[nodiscard]] const TableInfo& main() const { return *tables_.front().table; }

    // ---- names

    void name(std::string_view identifier);
    void parameter();
    void column(const TableInfo& table, const ColumnInfo& its);
    // What is the same but for the case of A–Z is the same: in SQLite by the column's collation.
    [[nodiscard]] bool is_lowered(const ColumnInfo& its) const;
    void compared_column(const TableInfo& table, const ColumnInfo& its);
    void lowered_column(const TableInfo& table, const ColumnInfo& its);
    // Without regard to case when one of them is so.
    void two_columns(const TableInfo& left, const ColumnInfo& a, char comparison,
                     const TableInfo& right, const ColumnInfo& b);
    void compared_parameter(const ColumnInfo& its);
    void column_list();
    void names(unsigned count);
    void reference(bool is_compared);
    void aggregate(Function function, const TableInfo& table, unsigned index);

    // ---- statements

    void select(Verb verb);
    std::string_view read_joins();
    void write_joins(std::string_view joins);
    void insert();
    void conflict();
    void compared_conflict(const ColumnInfo& its);
    void update();
    void selection();
    void references(std::string_view before);
    void order();
    void limit();

    // ---- conditions

    void condition();
    void aggregate_comparison(const TableInfo& table);
    void comparison(const TableInfo& table, char token);
    void operator_of(char token);
    // One parameter, a JSON array, however many values: one statement for them all.
    void any_of(const TableInfo& table, const ColumnInfo& its);
    // SQLite's LIKE ignores the case of A–Z.
    void like(const TableInfo& table, const ColumnInfo& its);

    std::string_view rest_;
    Dialect dialect_;
    std::string& out_;
    std::vector<Joined> tables_;
    unsigned parameters_ = 0;
};

}  // namespace portico::db::detail
