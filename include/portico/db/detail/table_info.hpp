#pragma once

#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "portico/db/columns.hpp"
#include "portico/db/detail/coding.hpp"
#include "portico/db/value.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/type.hpp"

namespace portico::db::detail {

struct ColumnInfo {
    std::string name;
    std::size_t offset = 0;
    Coding coding;
    bool nullable = false;
    bool unique = false;
    bool nocase = false;
    bool indexed = false;
    const ForeignKey* references = nullptr;
    const ColumnDefault* with_default = nullptr;
    bool assigned = false;  ///< By the database, when it is empty in a new row.
};

/// A model as a table; made at the first use, for the whole life of the program.
struct TableInfo {
    std::string name;
    std::vector<ColumnInfo> columns;
    std::vector<TableIndex> indexes;
    std::size_t key = 0;                    ///< The index of the primary key.
    bool key_generated = false;             ///< It is an integer, so it is `assigned`.
    std::optional<std::size_t> version;     ///< The column with `row_version`.
    std::optional<std::size_t> deleted_at;  ///< The column with `soft_delete`.

    /// The column of a member; throws `Error` for an offset that is none's.
    [[nodiscard]] std::size_t at_offset(std::size_t offset) const;
    [[nodiscard]] const ColumnInfo* find(std::string_view column) const noexcept;
};

/// How a table is named in the key of a statement.
template <class Tokens>
void add_address(Tokens& tokens, const TableInfo& table) {
    const TableInfo* address = &table;
    char bytes[sizeof address];
    std::memcpy(bytes, &address, sizeof address);
    tokens.append(bytes, sizeof bytes);
}

/// Throws `Error` (schema) when the model can't be a table: no primary key, two, an unknown column
/// in an index, a name that is none.
[[nodiscard]] TableInfo make_table(const Table& table, const model::Type& type);

/// Every column in the table's order into the object.
void read_object(const TableInfo& table, const Row& row, void* object);

/// The columns that a statement returned, by name, into the object.
void read_assigned(const TableInfo& table, const Row& row, void* object);

/// The row's columns by name into the members of a model that need not be a table.
void read_members(model::Slot slot, const Row& row, void* object);

template <class T>
[[nodiscard]] const TableInfo& table_of() {
    static_assert(
        requires { T::table.name; },
        "portico: this model is no table: give it a member "
        "`static constexpr auto table = db::Table{\"users\"};`");
    static const TableInfo info = make_table(T::table, *model::slot_of<T>().type);
    return info;
}

}  // namespace portico::db::detail
