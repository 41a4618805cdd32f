#include "portico/db/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "db/live_schema.hpp"
#include "portico/model/date_time.hpp"
#include "portico/model/decimal.hpp"

namespace portico::db::detail {
namespace {

std::string_view action_of(on_delete action) {
    switch (action) {
        case on_delete::cascade:
            return "CASCADE";
        case on_delete::set_null:
            return "SET NULL";
        default:
            return "RESTRICT";
    }
}

// Words that are keywords in one of the dialects where a name stands.
constexpr std::string_view kReserved =
    " all analyse analyze and any array as asc between both case cast check collate column commit "
    "constraint create cross current_date current_time current_timestamp current_user default "
    "deferrable delete desc distinct do drop else end escape except exists false fetch for foreign "
    "from full grant group having in index initially inner insert intersect into is join leading "
    "left like limit localtime localtimestamp natural not nothing null offset on only or order "
    "outer placing primary references returning right select session_user set some symmetric table "
    "then to trailing transaction true union unique update user using values variadic verbose when "
    "where window with ";

std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') out += c;
        out += c;
    }
    return out + "'";
}

[[noreturn]] void refuse_default(const ColumnInfo& column) {
    throw Error(Error::Kind::schema, fmt::format("column \"{}\": its default_value is none of its "
                                                 "type",
                                                 column.name));
}

// As SQLite keeps it where that is not the text itself.
std::string text_default(const ColumnInfo& column, std::string_view text, Dialect dialect) {
    using Form = Coding::Form;
    switch (column.coding.form) {
        case Form::date_time: {
            const auto moment = model::DateTime::parse(text);
            if (!moment) refuse_default(column);
            if (dialect == Dialect::postgresql) return quoted(moment->to_string());
            return fmt::format("{}", moment->unix_microseconds());
        }
        case Form::scaled_decimal: {
            const auto decimal = model::Decimal::parse(text);
            const auto units = decimal ? decimal->scaled(column.coding.scale) : std::nullopt;
            if (!units) refuse_default(column);
            return dialect == Dialect::postgresql ? decimal->to_string() : std::to_string(*units);
        }
        case Form::boolean:
        case Form::integer:
        case Form::real:
        case Form::bytes:
            refuse_default(column);
        default:
            return quoted(text);
    }
}

}  // namespace

std::string default_sql(const ColumnInfo& column, Dialect dialect) {
    using Kind = ColumnDefault::Kind;
    using Form = Coding::Form;
    const ColumnDefault& its = *column.with_default;
    const Form form = column.coding.form;
    switch (its.kind) {
        case Kind::boolean:
            if (form != Form::boolean) refuse_default(column);
            if (dialect == Dialect::sqlite) return its.integer != 0 ? "1" : "0";
            return its.integer != 0 ? "true" : "false";
        case Kind::integer:
            if (form == Form::scaled_decimal) {
                return text_default(column, std::to_string(its.integer), dialect);
            }
            if (form != Form::integer && form != Form::real) refuse_default(column);
            return std::to_string(its.integer);
        case Kind::real:
            if (form != Form::real) refuse_default(column);
            return fmt::format("{}", its.real);
        case Kind::text:
            return text_default(column, its.text, dialect);
        case Kind::expression:
            return fmt::format("({})", its.text);
        case Kind::now:
            if (form != Form::date_time) refuse_default(column);
            if (dialect == Dialect::postgresql) return "now()";
            // 2440587.5 is the Julian day of 1970 (sqlite.org/lang_datefunc.html); to the
            // millisecond.
            return "(CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000)";
        case Kind::none:
            break;
    }
    return {};
}

// Unquoted, PostgreSQL makes capitals small; statements of queries always quote.
std::string name_sql(std::string_view name) {
    const bool plain = std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
                       !(name.front() >= '0' && name.front() <= '9') &&
                       !kReserved.contains(fmt::format(" {} ", name));
    return plain ? std::string(name) : fmt::format("\"{}\"", name);
}

std::string index_name(const TableInfo& table, const TableIndex& index) {
    std::string name = table.name;
    for (const std::string_view column : index.columns) {
        if (!column.empty()) name += fmt::format("_{}", column);
    }
    return name_sql(name);
}

std::string index_sql(const TableInfo& table, const TableIndex& index, Dialect dialect) {
    std::string list;
    for (const std::string_view name : index.columns) {
        if (name.empty()) continue;
        list += list.empty() ? "" : ", ";
        list += dialect == Dialect::postgresql && table.find(name)->nocase
                    ? fmt::format("lower({} COLLATE \"C\")", name_sql(name))
                    : name_sql(name);
    }
    return fmt::format("CREATE {}INDEX {} ON {} ({});\n", index.unique ? "UNIQUE " : "",
                       index_name(table, index), name_sql(table.name), list);
}

std::string references_sql(const ForeignKey& key) {
    return fmt::format("{} ({}) ON DELETE {}", name_sql(key.table), name_sql(key.column),
                       action_of(key.action));
}

std::string column_sql(const TableInfo& table, std::size_t index, Dialect dialect) {
    const ColumnInfo& column = table.columns[index];
    const bool sqlite = dialect == Dialect::sqlite;
    const std::string name = name_sql(column.name);
    std::string sql = fmt::format("{} {}", name, sql_type(column.coding, dialect));
    if (index == table.key) {
        if (table.key_generated && !sqlite) sql += " GENERATED BY DEFAULT AS IDENTITY";
        sql += " PRIMARY KEY";
        // Without it SQLite gives the number of a deleted last row to the next.
        if (table.key_generated && sqlite) sql += " AUTOINCREMENT";
    }
    if (!column.nullable) sql += " NOT NULL";
    if (column.with_default) sql += fmt::format(" DEFAULT {}", default_sql(column, dialect));
    if (column.nocase && sqlite) sql += " COLLATE NOCASE";
    if (column.unique && (sqlite || !column.nocase)) sql += " UNIQUE";
    if (column.references) sql += " REFERENCES " + references_sql(*column.references);
    if (sqlite && column.coding.form == Coding::Form::boolean) {
        sql += fmt::format(" CHECK ({} IN (0, 1))", name);
    }
    if (const auto longest = longest_text(column.coding); sqlite && longest != 0) {
        sql += fmt::format(" CHECK (length({}) <= {})", name, longest);
    }
    return sql;
}

std::vector<std::string> indexes_sql(const TableInfo& table, Dialect dialect) {
    std::vector<std::string> all;
    for (const ColumnInfo& column : table.columns) {
        if (column.unique) {
            // The index of lower(column) is what makes it unique there.
            if (!column.nocase || dialect == Dialect::sqlite) continue;
            all.push_back(index_sql(table, {.columns = {column.name}, .unique = true}, dialect));
        } else if (column.indexed || column.references) {
            // A deleted row looks for the rows that refer to it.
            all.push_back(index_sql(table, {.columns = {column.name}}, dialect));
        }
    }
    for (const TableIndex& index : table.indexes) all.push_back(index_sql(table, index, dialect));
    return all;
}

std::string create_table_sql(const TableInfo& table, Dialect dialect) {
    std::string sql = fmt::format("CREATE TABLE {} (\n", name_sql(table.name));
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        sql += "    " + column_sql(table, i, dialect);
        sql += i + 1 < table.columns.size() ? ",\n" : "\n";
    }
    // STRICT: a column's type is enforced, as in other databases.
    sql += dialect == Dialect::sqlite ? ") STRICT;\n" : ");\n";
    for (const std::string& index : indexes_sql(table, dialect)) sql += index;
    return sql;
}

std::expected<std::vector<std::string>, Error> differences(const Database& database,
                                                           const TableInfo& table) {
    const Dialect dialect = database.driver().dialect();
    const bool sqlite = dialect == Dialect::sqlite;
    const auto live = live_columns(database, table.name);
    if (!live) return std::unexpected(live.error());
    std::vector<std::string> found;
    if (live->empty()) {
        found.push_back(fmt::format("there is no table \"{}\"", table.name));
        return found;
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const ColumnInfo& column = table.columns[i];
        const auto at = std::ranges::find(*live, column.name, &LiveColumn::name);
        const std::string label = fmt::format("column \"{}.{}\"", table.name, column.name);
        if (at == live->end()) {
            found.push_back(label + " is missing");
            continue;
        }
        if (!fits_type(column.coding, at->type, dialect)) {
            found.push_back(fmt::format("{}: expected {}, the table has {}", label,
                                        sql_type(column.coding, dialect),
                                        at->type.empty() ? "no type" : at->type));
        }
        if (at->nullable && !column.nullable && !at->primary_key) {
            found.push_back(label + " may be NULL, but the member is no optional");
        }
        if (!at->nullable && column.nullable) {
            found.push_back(label + " is NOT NULL, but the member is an optional");
        }
        if (at->primary_key != (i == table.key)) {
            found.push_back(label + (at->primary_key ? " is the primary key there, not here"
                                                     : " is the primary key here, not there"));
        }
        if (column.nocase && at->collation != "NOCASE") {
            found.push_back(label +
                            (sqlite ? " tells upper from lower case, but is unique(nocase): "
                                      "declare it COLLATE NOCASE"
                                    : " tells upper from lower case, but is unique(nocase): it "
                                      "needs a unique index on lower(column COLLATE \"C\")"));
        }
        if (i == table.key && table.key_generated && !at->autoincrement) {
            found.push_back(
                label + (sqlite ? " lacks AUTOINCREMENT: keys of deleted rows would be used again"
                                : " is no identity column: nothing assigns keys"));
        }
    }
    for (const LiveColumn& column : *live) {
        if (table.find(column.name) || column.nullable || column.has_default) continue;
        found.push_back(
            fmt::format("column \"{}.{}\" is NOT NULL without a default, and no member "
                        "of the model: no row can be created",
                        table.name, column.name));
    }
    return found;
}

}  // namespace portico::db::detail
