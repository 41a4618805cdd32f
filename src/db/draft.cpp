#include "db/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <vector>

#include "db/live_schema.hpp"
#include "portico/db/schema.hpp"

namespace portico::db::detail {
namespace {

using Form = Coding::Form;

// What stands in a new column of the rows that are there already: somebody has to decide it.
std::string guess(const ColumnInfo& column, Dialect dialect) {
    const bool postgresql = dialect == Dialect::postgresql;
    const std::string type = sql_type(column.coding, dialect);
    switch (column.coding.form) {
        case Form::boolean:
            return postgresql ? "false" : "0";
        case Form::json: {
            const model::Kind kind = column.coding.type->kind;
            return kind == model::Kind::array || kind == model::Kind::tuple ? "'[]'" : "'{}'";
        }
        default:
            break;
    }
    if (type == "uuid") return "gen_random_uuid()";
    if (type.starts_with("timestamp") || type == "date") return "now()";
    for (const std::string_view number : {"INTEGER", "REAL", "bigint", "double", "numeric"}) {
        if (type.starts_with(number)) return "0";
    }
    return "''";
}

std::vector<TableIndex> wanted_indexes(const TableInfo& table) {
    std::vector<TableIndex> wanted;
    for (const ColumnInfo& column : table.columns) {
        if (column.unique) {
            wanted.push_back({.columns = {column.name}, .unique = true});
        } else if (column.indexed || column.references) {
            wanted.push_back({.columns = {column.name}});
        }
    }
    wanted.insert(wanted.end(), table.indexes.begin(), table.indexes.end());
    return wanted;
}

bool serves(const LiveIndex& live, const TableIndex& wanted, bool nocase) {
    std::vector<std::string_view> columns;
    for (const std::string_view column : wanted.columns) {
        if (!column.empty()) columns.push_back(column);
    }
    return !live.partial && live.nocase == nocase && (live.unique || !wanted.unique) &&
           std::ranges::equal(live.columns, columns);
}

// The longest text that the table takes, where it says so: 0 when it says nothing.
std::size_t live_length(const LiveTable& table, const LiveColumn& column, Dialect dialect) {
    const bool sqlite = dialect == Dialect::sqlite;
    const std::string before =
        sqlite ? fmt::format("CHECK (length({}) <= ", name_sql(column.name)) : "CHARACTER VARYING(";
    const std::string_view text = sqlite ? table.sql : column.type;
    const auto at = text.find(before);
    std::size_t length = 0;
    if (at != text.npos) {
        std::from_chars(text.data() + at + before.size(), text.data() + text.size(), length);
    }
    return length;
}

// Tables before those that refer to them, as far as there is such an order.
Models ordered(Models models) {
    const auto refers = [](const TableInfo& from, const TableInfo& to) {
        return &from != &to && std::ranges::any_of(from.columns, [&](const ColumnInfo& column) {
            return column.references && column.references->table == to.name;
        });
    };
    Models order;
    while (!models.empty()) {
        auto next = std::ranges::find_if(models, [&](const TableInfo* table) {
            return std::ranges::none_of(
                models, [&](const TableInfo* other) { return refers(*table, *other); });
        });
        if (next == models.end()) next = models.begin();
        order.push_back(*next);
        models.erase(next);
    }
    return order;
}

/// The difference of one table after another, as statements.
class Draft {
public:
    Draft(SchemaConnection& connection, Dialect dialect)
        : connection_(&connection), dialect_(dialect) {}

    void create(const TableInfo& table) {
        up_ += create_table_sql(table, dialect_) + "\n";
        undo("DROP TABLE {};", name_sql(table.name));
    }

    void change(const TableInfo& table, const LiveTable& live) {
        const std::size_t before = up_.size();
        const bool rebuilds = dialect_ == Dialect::sqlite && !fits_in_place(table, live);
        if (rebuilds) {
            rebuild(table, live);
        } else {
            for (std::size_t i = 0; i < table.columns.size(); ++i) {
                change_column(table, i, live);
                if (dialect_ == Dialect::postgresql) change_foreign_key(table, i, live);
            }
            add_indexes(table, live);
        }
        name_unknown(table, live, rebuilds);
        if (up_.size() != before) up_ += "\n";
    }

    void name_unknown_table(std::string_view name) {
        up_ += fmt::format("-- The models do not know this table:\n-- DROP TABLE {};\n\n",
                           name_sql(name));
    }

    [[nodiscard]] std::string text() const {
        if (!has_statement_) return {};
        std::string text = "-- A draft: read it before it is applied.\n\n" + up_ + "-- down\n";
        if (by_hand_) return text + "-- What undoes it is for you to write.\n";
        for (auto at = down_.rbegin(); at != down_.rend(); ++at) text += *at + "\n";
        return text;
    }

private:
    template <class... A>
    void add(fmt::format_string<A...> statement, A&&... arguments) {
        has_statement_ = true;
        up_ += fmt::format(statement, std::forward<A>(arguments)...) + "\n";
    }
    template <class... A>
    void undo(fmt::format_string<A...> statement, A&&... arguments) {
        has_statement_ = true;
        down_.push_back(fmt::format(statement, std::forward<A>(arguments)...));
    }

    // SQLite adds columns to a table, and changes nothing else of it.
    bool fits_in_place(const TableInfo& table, const LiveTable& live) const {
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const ColumnInfo& column = table.columns[i];
            const LiveColumn* at = live.column(column.name);
            if (!at) {
                // "Cannot add a column with non-constant default" (sqlite.org/lang_altertable.html)
                if (i == table.key || column_sql(table, i, dialect_).contains(" DEFAULT (")) {
                    return false;
                }
                continue;
            }
            if (!fits_type(column.coding, at->type, dialect_) ||
                (at->nullable != column.nullable && !at->primary_key) ||
                at->primary_key != (i == table.key) ||
                (column.nocase && at->collation != "NOCASE") || !fits_default(column, *at) ||
                !fits_foreign_key(column, live) || !fits_length(column, *at, live)) {
                return false;
            }
        }
        return true;
    }

    // Another default, or none where the model has one. What only the table has is left alone.
    bool fits_default(const ColumnInfo& column, const LiveColumn& live) const {
        if (!column.with_default) return true;
        if (!live.has_default) return false;
        // It may say another thing each time.
        if (column.with_default->kind == ColumnDefault::Kind::expression) return true;
        const bool sqlite = dialect_ == Dialect::sqlite;
        const std::string type = sqlite ? "" : "::" + sql_type(column.coding, dialect_);
        const auto same = connection_->fetch(
            fmt::format("SELECT CASE WHEN ({}){} IS NOT DISTINCT FROM ({}){} THEN 1 END",
                        live.default_sql, type, default_sql(column, dialect_), type),
            {});
        return same && same->at(0).at(0) == "1";
    }
    static bool fits_foreign_key(const ColumnInfo& column, const LiveTable& live) {
        const LiveForeignKey* key = live.foreign_key(column.name);
        return !column.references || (key && key->references == references_sql(*column.references));
    }
    bool fits_length(const ColumnInfo& column, const LiveColumn& at, const LiveTable& live) const {
        const std::size_t length = live_length(live, at, dialect_);
        return length == 0 || length == longest_text(column.coding);
    }

    void change_foreign_key(const TableInfo& table, std::size_t index, const LiveTable& live) {
        const ColumnInfo& column = table.columns[index];
        if (!live.column(column.name) || fits_foreign_key(column, live)) return;
        const std::string alter = "ALTER TABLE " + name_sql(table.name);
        const auto constraint = [&](std::string_view name, std::string_view references) {
            return fmt::format("{} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {};", alter,
                               name_sql(name), name_sql(column.name), references);
        };
        if (const LiveForeignKey* old = live.foreign_key(column.name)) {
            add("{} DROP CONSTRAINT {};", alter, name_sql(old->name));
            undo("{}", constraint(old->name, old->references));
        }
        const std::string name = fmt::format("{}_{}_fkey", table.name, column.name);
        add("{}", constraint(name, references_sql(*column.references)));
        undo("{} DROP CONSTRAINT {};", alter, name_sql(name));
    }

    // The declaration of a column that is added to rows: those need a value.
    std::string added_column(const TableInfo& table, std::size_t index) {
        const ColumnInfo& column = table.columns[index];
        std::string sql = column_sql(table, index, dialect_);
        if (dialect_ == Dialect::sqlite) {
            if (const auto at = sql.find(" UNIQUE"); at != sql.npos) sql.erase(at, 7);
        }
        if (column.nullable || sql.contains(" DEFAULT ")) return sql;
        const auto at = sql.find(" NOT NULL");
        if (at == sql.npos) return sql;
        up_ += "-- The rows that are there need a value; this one is a guess.\n";
        return sql.insert(at + 9, " DEFAULT " + guess(column, dialect_));
    }

    void change_column(const TableInfo& table, std::size_t index, const LiveTable& live) {
        const ColumnInfo& column = table.columns[index];
        const LiveColumn* at = live.column(column.name);
        const std::string alter = "ALTER TABLE " + name_sql(table.name);
        const std::string name = name_sql(column.name);
        if (!at) {
            const std::string declared = added_column(table, index);
            add("{} ADD COLUMN {};", alter, declared);
            undo("{} DROP COLUMN {};", alter, name);
            if (dialect_ == Dialect::postgresql && declared.contains(" DEFAULT ") &&
                !column.with_default) {
                add("{} ALTER COLUMN {} DROP DEFAULT;", alter, name);
            }
            return;
        }
        if (!fits_default(column, *at)) {
            add("{} ALTER COLUMN {} SET DEFAULT {};", alter, name, default_sql(column, dialect_));
            undo("{} ALTER COLUMN {} {};", alter, name,
                 at->has_default ? "SET DEFAULT " + at->default_sql : "DROP DEFAULT");
        }
        if (!fits_type(column.coding, at->type, dialect_) || !fits_length(column, *at, live)) {
            const std::string type = sql_type(column.coding, dialect_);
            add("{0} ALTER COLUMN {1} TYPE {2} USING {1}::{2};", alter, name, type);
            undo("{0} ALTER COLUMN {1} TYPE {2} USING {1}::{2};", alter, name, at->type);
        }
        if (at->nullable == column.nullable || at->primary_key) return;
        if (!column.nullable) {
            up_ += "-- The rows without a value need one; this one is a guess.\n";
            add("UPDATE {} SET {} = {} WHERE {} IS NULL;", name_sql(table.name), name,
                guess(column, dialect_), name);
        }
        add("{} ALTER COLUMN {} {} NOT NULL;", alter, name, column.nullable ? "DROP" : "SET");
        undo("{} ALTER COLUMN {} {} NOT NULL;", alter, name, column.nullable ? "SET" : "DROP");
    }

    void add_indexes(const TableInfo& table, const LiveTable& live) {
        for (const TableIndex& wanted : wanted_indexes(table)) {
            const ColumnInfo& first = *table.find(wanted.columns[0]);
            const bool has_one = std::ranges::any_of(live.indexes, [&](const LiveIndex& index) {
                return serves(index, wanted, first.nocase);
            });
            // UNIQUE of a new column is declared with it, where that is possible.
            const bool declared = dialect_ == Dialect::postgresql && !live.column(first.name) &&
                                  first.unique && !first.nocase && wanted.columns[1].empty();
            if (has_one || declared) continue;
            has_statement_ = true;
            up_ += index_sql(table, wanted, dialect_);
            undo("DROP INDEX {};", index_name(table, wanted));
        }
    }

    void rebuild(const TableInfo& table, const LiveTable& live) {
        const std::string name = name_sql(table.name);
        const std::string made = name_sql(table.name + "_new");
        std::string columns;
        std::string into;
        std::string from;
        const auto copy = [&](const std::string& column, const std::string& value) {
            into += (into.empty() ? "" : ", ") + column;
            from += (from.empty() ? "" : ", ") + value;
        };
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const ColumnInfo& column = table.columns[i];
            const std::string declared = column_sql(table, i, dialect_);
            columns += (columns.empty() ? "    " : ",\n    ") + declared;
            const LiveColumn* at = live.column(column.name);
            const std::string own = name_sql(column.name);
            const bool may_lack = !at || at->nullable;
            if (at && (!may_lack || column.nullable)) {
                copy(own, own);
            } else if (at) {
                copy(own, fmt::format("coalesce({}, {})", own, guess(column, dialect_)));
            } else if (!column.nullable && !declared.contains(" DEFAULT ") && i != table.key) {
                copy(own, guess(column, dialect_));
            }
        }
        for (const LiveColumn& column : live.columns) {
            if (table.find(column.name)) continue;
            const std::string own = name_sql(column.name);
            columns += fmt::format(
                ",\n    {} {}{}{}", own, column.type, column.nullable ? "" : " NOT NULL",
                column.has_default ? fmt::format(" DEFAULT ({})", column.default_sql) : "");
            copy(own, own);
        }
        by_hand_ = true;
        up_ +=
            "-- SQLite can't change the columns of a table, so it is made anew. What the rows get\n"
            "-- is partly a guess. Add the triggers and constraints that no model knows.\n";
        add("CREATE TABLE {} (\n{}\n) STRICT;", made, columns);
        add("INSERT INTO {} ({})\n    SELECT {} FROM {};", made, into, from, name);
        const LiveColumn* key = live.column(table.columns[table.key].name);
        if (key && key->autoincrement) {
            // So that the key of a row that was deleted stays unused.
            add("DELETE FROM sqlite_sequence WHERE name = '{}_new';", table.name);
            add("INSERT INTO sqlite_sequence (name, seq)\n"
                "    SELECT '{0}_new', seq FROM sqlite_sequence WHERE name = '{0}';",
                table.name);
        }
        add("DROP TABLE {};", name);
        add("ALTER TABLE {} RENAME TO {};", made, name);
        for (const std::string& index : indexes_sql(table, dialect_)) up_ += index;
    }

    void name_unknown(const TableInfo& table, const LiveTable& live, bool rebuilt) {
        for (const LiveColumn& column : live.columns) {
            if (table.find(column.name)) continue;
            up_ += fmt::format(
                "-- The models do not know this column:\n-- ALTER TABLE {} DROP COLUMN {};\n",
                name_sql(table.name), name_sql(column.name));
        }
        if (rebuilt) return;
        const auto wanted = wanted_indexes(table);
        for (const LiveIndex& index : live.indexes) {
            const bool known = std::ranges::any_of(wanted, [&](const TableIndex& one) {
                return serves(index, one, table.find(one.columns[0])->nocase);
            });
            if (known || index.primary_key) continue;
            up_ += fmt::format("-- The models do not know this index:\n-- DROP INDEX {};\n",
                               name_sql(index.name));
        }
    }

    SchemaConnection* connection_;
    Dialect dialect_;
    std::string up_;
    std::vector<std::string> down_;
    bool has_statement_ = false;
    bool by_hand_ = false;  // not all of it can be undone by statements that we know
};

}  // namespace

std::expected<std::string, Error> draft_migration(SchemaConnection& connection, Dialect dialect,
                                                  const Models& models) {
    Draft draft{connection, dialect};
    for (const TableInfo* table : ordered(models)) {
        const auto live = read_table(connection, dialect, table->name);
        if (!live) return std::unexpected(live.error());
        if (live->columns.empty()) {
            draft.create(*table);
        } else {
            draft.change(*table, *live);
        }
    }
    const auto names = table_names(connection, dialect);
    if (!names) return std::unexpected(names.error());
    for (const std::string& name : *names) {
        if (std::ranges::find(models, name, &TableInfo::name) == models.end()) {
            draft.name_unknown_table(name);
        }
    }
    return draft.text();
}

}  // namespace portico::db::detail
