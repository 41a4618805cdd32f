#include "portico/db/detail/pending_row.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <string>

namespace portico::db::detail {
namespace {

// SQLite takes 32766 parameters, PostgreSQL 65535. Powers of two keep the statements few.
constexpr std::size_t kMostParameters = 16'000;
constexpr std::size_t kMostRows = 128;

const std::byte* at(const void* object, std::size_t offset) {
    return static_cast<const std::byte*>(object) + offset;
}

std::span<const std::size_t> view(const ColumnList& columns) {
    return {columns.data(), columns.size()};
}

// What the database is to assign: nothing, zero, no text, the nil UUID.
bool is_empty(const Value& value) {
    switch (value.kind) {
        case Value::Kind::integer:
            return value.integer == 0;
        case Value::Kind::real:
            return value.real == 0;
        case Value::Kind::null:
            return true;
        default:
            return value.text.empty() || value.text == "00000000-0000-0000-0000-000000000000";
    }
}

struct Columns {
    ColumnList written;
    ColumnList assigned;  // by the database
};

Columns add_row(const TableInfo& table, const void* row, Parameters& parameters) {
    Columns columns;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const ColumnInfo& column = table.columns[i];
        encode(column.coding, at(row, column.offset), Text::referred, parameters);
        if (column.assigned && is_empty(parameters.last())) {
            parameters.remove_last();
            columns.assigned.push_back(i);
        } else {
            columns.written.push_back(i);
        }
    }
    return columns;
}

// Which columns the database assigns, without adding anything.
ColumnList assigned_of(const TableInfo& table, const void* row) {
    ColumnList assigned;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const ColumnInfo& column = table.columns[i];
        if (!column.assigned) continue;
        Parameters value;
        encode(column.coding, at(row, column.offset), Text::referred, value);
        if (is_empty(value.last())) assigned.push_back(i);
    }
    return assigned;
}

void begin_write(const TableInfo& table, Verb verb, PendingStatement& pending) {
    pending.operation().writes = true;
    pending.operation().statement.write = &write_statement;
    begin_key(pending.key(), table, verb);
}

void begin_insert(const TableInfo& table, const ColumnList& columns, std::size_t rows,
                  PendingStatement& pending) {
    begin_write(table, Verb::insert, pending);
    pending.key().push_back(static_cast<char>(rows));
    add_columns(pending.key(), view(columns));
}

void return_columns(std::span<const std::size_t> columns, PendingStatement& pending) {
    if (columns.empty()) return;
    pending.key().push_back('r');
    add_columns(pending.key(), columns);
}

void update_statement(const TableInfo& table, const void* row, const ColumnList& columns, Verb verb,
                      PendingStatement& pending) {
    begin_write(table, verb, pending);
    ColumnList written;
    for (const std::size_t column : columns) {
        if (column != table.version) written.push_back(column);
    }
    add_columns(pending.key(), view(written));
    for (const std::size_t column : written) {
        const ColumnInfo& info = table.columns[column];
        encode(info.coding, at(row, info.offset), Text::referred, pending.parameters());
    }
    ColumnList same;
    same.push_back(table.key);
    if (table.version) same.push_back(*table.version);
    Selection selection;
    add_equals(table, row, same, selection.filter);
    add_selection(pending.key(), table, selection, pending.parameters());
}

}  // namespace

ColumnList written_columns(const TableInfo& table) {
    ColumnList columns;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (i != table.key && i != table.version && i != table.deleted_at) columns.push_back(i);
    }
    return columns;
}

void require_unordered(const Selection& selection) {
    if (selection.order.empty() && selection.limit < 0 && selection.offset == 0 &&
        selection.groups.empty() && selection.having.tokens.empty()) {
        return;
    }
    throw Error(
        Error::Kind::statement,
        "update() and remove() change every row of a query: it can have no order_by, limit, "
        "offset or group_by");
}

std::size_t deletion_mark(const TableInfo& table) {
    if (table.deleted_at) return *table.deleted_at;
    throw Error(Error::Kind::schema, "table \"" + table.name + "\" has no soft_delete");
}

Value now() {
    using std::chrono::microseconds;
    const auto time = std::chrono::system_clock::now().time_since_epoch();
    return Value{std::int64_t{std::chrono::duration_cast<microseconds>(time).count()}};
}

void select_rows(const TableInfo& table, const Selection& selection, Verb verb,
                 PendingStatement& pending) {
    pending.operation().writes = selection.for_update;
    pending.operation().statement.write = &write_statement;
    begin_key(pending.key(), table, verb);
    add_joins(pending.key(), selection);
    add_selection(pending.key(), table, selection, pending.parameters());
}

void select_by_key(const TableInfo& table, PendingStatement& pending) {
    pending.operation().statement.write = &write_statement;
    pending.expect_one();
    begin_key(pending.key(), table, Verb::select);
    pending.key().push_back(';');  // no joins
    if (table.deleted_at) pending.key().push_back('Z');
    const char where[]{'W', '=', static_cast<char>(table.key), ';'};
    pending.key().append(where, sizeof where);
}

void make_insert(const TableInfo& table, void* row, void (*on_row)(void* row, const Row& assigned),
                 PendingStatement& pending) {
    pending.operation().on_row = on_row;
    pending.operation().target = row;
    const auto [written, assigned] = add_row(table, row, pending.parameters());
    begin_insert(table, written, 1, pending);
    return_columns(view(assigned), pending);
}

void make_insert(const TableInfo& table, const void* row, OnConflict what,
                 const ColumnList& columns, PendingStatement& pending) {
    const auto [written, assigned] = add_row(table, row, pending.parameters());
    begin_insert(table, written, 1, pending);
    pending.key().push_back(static_cast<char>(what));
    add_columns(pending.key(), view(columns));
    if (what == OnConflict::update) {
        ColumnList changed;
        for (const std::size_t column : written) {
            const bool same = std::ranges::find(columns, column) != columns.end();
            if (!same && column != table.key && column != table.version) changed.push_back(column);
        }
        // An update of nothing would give no row back.
        if (changed.empty()) changed.push_back(columns[0]);
        add_columns(pending.key(), view(changed));
    }
    ColumnList all;
    for (std::size_t i = 0; i < table.columns.size(); ++i) all.push_back(i);
    return_columns(view(all), pending);
}

std::size_t make_insert(const TableInfo& table, const void* rows, std::size_t stride,
                        std::size_t count, PendingStatement& pending) {
    const std::size_t most = std::min(
        {kMostRows, count, std::max<std::size_t>(1, kMostParameters / table.columns.size())});
    const std::size_t aim = std::bit_floor(most);
    const ColumnList assigned = assigned_of(table, rows);
    std::size_t taken = 1;
    while (taken < aim &&
           std::ranges::equal(assigned, assigned_of(table, at(rows, taken * stride)))) {
        ++taken;
    }
    taken = std::bit_floor(taken);
    Columns columns;
    for (std::size_t i = 0; i < taken; ++i) {
        columns = add_row(table, at(rows, i * stride), pending.parameters());
    }
    // DEFAULT VALUES is one row.
    if (columns.written.empty()) taken = 1;
    begin_insert(table, columns.written, taken, pending);
    return taken;
}

void add_equals(const TableInfo& table, const void* row, const ColumnList& columns,
                Filter& filter) {
    for (const std::size_t index : columns) {
        const ColumnInfo& column = table.columns[index];
        const void* value = at(row, column.offset);
        if (column.coding.optional) value = column.coding.optional->get(value);
        Filter same;
        if (value) {
            same.add_comparison(Compare::equal, index);
            encode_present(column.coding, value, Text::copied, same.parameters);
        } else {
            same.add_null_test(index, true);
        }
        filter.join(same, true);
    }
}

void make_update(const TableInfo& table, const void* row, const ColumnList& columns,
                 PendingStatement& pending) {
    update_statement(table, row, columns, Verb::update, pending);
}

void update_returning(const TableInfo& table, const void* row,
                      std::span<const std::string_view> names, PendingStatement& pending) {
    ColumnList columns;
    for (const std::string_view name : names) {
        const ColumnInfo* column = table.find(name);
        if (!column) {
            throw Error(Error::Kind::schema,
                        "table \"" + table.name + "\" has no column \"" + std::string(name) + "\"");
        }
        columns.push_back(static_cast<std::size_t>(column - table.columns.data()));
    }
    update_statement(table, row, columns, Verb::update_returning, pending);
}

void require_fresh(const TableInfo& table) {
    if (table.version) throw StaleError(table.name);
}

void require_key_type(const Coding& coding, const model::Type* type) {
    if (coding.type == type) return;
    throw Error(Error::Kind::statement, "the primary key \"" + std::string(coding.name) +
                                            "\" is no " + std::string(type->name));
}

}  // namespace portico::db::detail
