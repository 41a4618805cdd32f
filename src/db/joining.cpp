#include "portico/db/detail/joining.hpp"

#include <string>
#include <vector>

#include "portico/db/error.hpp"

namespace portico::db::detail {
namespace {

// The column of `to` that this one refers to, if it does.
const ColumnInfo* referred(const ColumnInfo& column, const TableInfo& to) {
    if (!column.references || column.references->table != to.name) return nullptr;
    return to.find(column.references->column);
}

std::uint8_t index_in(const TableInfo& table, const ColumnInfo& column) {
    return static_cast<std::uint8_t>(&column - table.columns.data());
}

}  // namespace

Join join_by_key(std::span<const TableInfo* const> tables, const TableInfo& added,
                 const TableInfo* by, std::size_t column) {
    std::vector<Join> found;
    const auto wanted = [&](const TableInfo& table, const ColumnInfo& each) {
        return !by || (by == &table && index_in(table, each) == column);
    };
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const TableInfo& table = *tables[i];
        const auto add = [&](const ColumnInfo& left, const ColumnInfo& right) {
            found.push_back({.table = &added,
                             .outer = false,
                             .left_table = static_cast<std::uint8_t>(i),
                             .left_column = index_in(table, left),
                             .column = index_in(added, right)});
        };
        for (const ColumnInfo& each : table.columns) {
            const ColumnInfo* to = referred(each, added);
            if (to && wanted(table, each)) add(each, *to);
        }
        for (const ColumnInfo& each : added.columns) {
            const ColumnInfo* to = referred(each, table);
            if (to && wanted(added, each)) add(*to, each);
        }
    }
    if (found.size() == 1) return found.front();
    throw Error(Error::Kind::schema,
                "join of \"" + added.name + "\": " +
                    (found.empty() ? "no foreign_key leads there; name the two columns"
                                   : "there are several foreign keys; name one"));
}

void require_reference(const TableInfo& from, std::size_t column, const TableInfo& to) {
    const ColumnInfo& its = from.columns[column];
    const ColumnInfo& key = to.columns[to.key];
    if (referred(its, to) == &key && its.coding.type == key.coding.type) return;
    throw Error(Error::Kind::schema, "load: \"" + from.name + "." + its.name +
                                         "\" is no foreign key to the primary key of \"" + to.name +
                                         "\", of its type");
}

}  // namespace portico::db::detail
