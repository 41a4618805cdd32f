#include "portico/db/detail/table_info.hpp"

#include <algorithm>

#include "portico/db/error.hpp"
#include "portico/model/annotations.hpp"

namespace portico::db::detail {
namespace {

[[noreturn]] void refuse(std::string_view table, const std::string& why) {
    throw Error(Error::Kind::schema, "table \"" + std::string(table) + "\": " + why);
}

// They are written into statements, in quotes.
bool is_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

// An optional's annotations may stand outside or inside of it.
template <class M>
const M* mark_of(const model::Slot& slot, const Coding& coding) {
    if (const M* found = model::mark<M>(slot.annotations)) return found;
    return model::mark<M>(coding.annotations);
}

}  // namespace

TableInfo make_table(const Table& table, const model::Type& type) {
    TableInfo info{.name = std::string(table.name)};
    if (!is_name(info.name)) refuse(info.name, "expected a name of letters, digits and _");
    std::size_t keys = 0;
    for (const model::Field& field : model::fields_of(type)) {
        const Coding coding = coding_of(field.slot, field.name);
        if (mark_of<PrimaryKey>(field.slot, coding)) {
            info.key = info.columns.size();
            info.key_generated = coding.form == Coding::Form::integer;
            ++keys;
            if (coding.optional) refuse(info.name, "the primary key can't be an optional");
        }
        if (mark_of<RowVersion>(field.slot, coding)) {
            if (coding.form != Coding::Form::integer || coding.optional) {
                refuse(info.name, "row_version is for an integer");
            }
            info.version = info.columns.size();
        }
        if (mark_of<SoftDelete>(field.slot, coding)) {
            if (coding.form != Coding::Form::date_time || !coding.optional) {
                refuse(info.name, "soft_delete is for a std::optional<DateTime>");
            }
            info.deleted_at = info.columns.size();
        }
        const auto* with_default = mark_of<ColumnDefault>(field.slot, coding);
        using DefaultKind = ColumnDefault::Kind;
        const bool server_default =
            with_default && (with_default->kind == DefaultKind::expression ||
                             with_default->kind == DefaultKind::now);
        if (server_default && coding.form == Coding::Form::boolean && !coding.optional) {
            refuse(info.name, "\"" + std::string(field.name) +
                                  "\" is a bool, of which false is a value: it takes a "
                                  "default_value, or is an optional");
        }
        const Unique* unique_mark = mark_of<Unique>(field.slot, coding);
        info.columns.push_back({
            .name = std::string(field.name),
            .offset = field.offset,
            .coding = coding,
            .nullable = coding.optional != nullptr,
            .unique = unique_mark != nullptr,
            .nocase = unique_mark && unique_mark->nocase,
            .indexed = mark_of<Indexed>(field.slot, coding) != nullptr,
            .references = mark_of<ForeignKey>(field.slot, coding),
            .with_default = with_default,
            .assigned = server_default,
        });
    }
    if (keys != 1) {
        refuse(info.name, "expected one member with primary_key, found " + std::to_string(keys));
    }
    info.columns[info.key].assigned |= info.key_generated;
    for (std::size_t i = 0; i < table.index_count; ++i) {
        for (const std::string_view column : table.indexes[i].columns) {
            if (!column.empty() && !info.find(column)) {
                refuse(info.name, "an index names the column \"" + std::string(column) +
                                      "\", which is not there");
            }
        }
        info.indexes.push_back(table.indexes[i]);
    }
    return info;
}

std::size_t TableInfo::at_offset(std::size_t offset) const {
    const auto found = std::ranges::find(columns, offset, &ColumnInfo::offset);
    if (found == columns.end()) refuse(name, "a query names a member that is no column");
    return static_cast<std::size_t>(found - columns.begin());
}

const ColumnInfo* TableInfo::find(std::string_view column) const noexcept {
    const auto found = std::ranges::find(columns, column, &ColumnInfo::name);
    return found == columns.end() ? nullptr : &*found;
}

void read_object(const TableInfo& table, const Row& row, void* object) {
    std::size_t index = 0;
    for (const ColumnInfo& column : table.columns) {
        decode(column.coding, row, index++, static_cast<std::byte*>(object) + column.offset);
    }
}

void read_assigned(const TableInfo& table, const Row& row, void* object) {
    for (std::size_t i = 0; i < row.size(); ++i) {
        const ColumnInfo* column = table.find(row.name(i));
        if (column)
            decode(column->coding, row, i, static_cast<std::byte*>(object) + column->offset);
    }
}

void read_members(model::Slot slot, const Row& row, void* object) {
    for (const model::Field& field : model::fields_of(*slot.type)) {
        std::size_t column = 0;
        while (column < row.size() && row.name(column) != field.name) ++column;
        if (column == row.size()) {
            throw Error(Error::Kind::schema,
                        "the rows have no column \"" + std::string(field.name) + "\"");
        }
        decode(coding_of(field.slot, field.name), row, column, model::member(object, field));
    }
}

}  // namespace portico::db::detail
