#include "db/statement_writer.hpp"

namespace portico::db::detail {

void StatementWriter::write() {
    const auto verb = static_cast<Verb>(next());
    switch (verb) {
        case Verb::select:
        case Verb::project:
        case Verb::count:
        case Verb::exists:
            return select(verb);
        case Verb::insert:
            return insert();
        case Verb::update:
        case Verb::update_returning:
            update();
            selection();
            if (verb == Verb::update) return;
            out_ += " RETURNING ";
            return column_list();
        case Verb::remove:
            out_ += "DELETE FROM ";
            name(main().name);
            return selection();
    }
}

void StatementWriter::select(Verb verb) {
    const std::string_view joins = read_joins();
    out_ += verb == Verb::exists ? "SELECT EXISTS (SELECT " : "SELECT ";
    if (verb == Verb::count) {
        out_ += "count(*)";
    } else if (verb == Verb::exists) {
        out_ += "1";
    } else if (verb == Verb::select) {
        column_list();
    } else {
        if (skip('d')) out_ += "DISTINCT ";
        for (unsigned left = next_number(); left > 0; --left) {
            reference(false);
            if (left > 1) out_ += ',';
        }
    }
    out_ += " FROM ";
    name(main().name);
    write_joins(joins);
    selection();
    if (verb == Verb::exists) out_ += ")";
}

std::string_view StatementWriter::read_joins() {
    const std::string_view begin = rest_;
    while (!skip(';')) {
        next();
        const bool hides_deleted = next() == 'z';
        tables_.push_back({&next_table(), hides_deleted});
        rest_.remove_prefix(3);
    }
    return begin;
}

void StatementWriter::write_joins(std::string_view joins) {
    for (std::size_t i = 1; i < tables_.size(); ++i) {
        const auto& [table, hides_deleted] = tables_[i];
        constexpr std::size_t kColumns = 2 + sizeof table;
        const auto number = [&](std::size_t at) {
            return static_cast<unsigned char>(joins[kColumns + at]);
        };
        const TableInfo& left = *tables_[number(0)].table;
        out_ += joins[0] == 'l' ? " LEFT JOIN " : " JOIN ";
        name(table->name);
        out_ += " ON ";
        two_columns(*table, table->columns[number(2)], '=', left, left.columns[number(1)]);
        if (hides_deleted) {
            out_ += " AND ";
            column(*table, table->columns[*table->deleted_at]);
            out_ += " IS NULL";
        }
        joins.remove_prefix(kColumns + 3);
    }
}

void StatementWriter::insert() {
    out_ += "INSERT INTO ";
    name(main().name);
    const unsigned rows = next_number();
    const unsigned count = next_number();
    if (count == 0) {
        out_ += " DEFAULT VALUES";
    } else {
        out_ += " (";
        names(count);
        out_ += ") VALUES ";
        for (unsigned row = 0; row < rows; ++row) {
            out_ += row == 0 ? "(" : ",(";
            for (unsigned i = 0; i < count; ++i) {
                if (i > 0) out_ += ',';
                parameter();
            }
            out_ += ')';
        }
    }
    if (skip('n') || rest_.starts_with('u')) conflict();
    if (skip('r')) {
        out_ += " RETURNING ";
        names(next_number());
    }
}

void StatementWriter::conflict() {
    const bool updates = skip('u');
    out_ += " ON CONFLICT (";
    for (unsigned left = next_number(); left > 0; --left) {
        compared_conflict(next_column());
        if (left > 1) out_ += ',';
    }
    out_ += updates ? ") DO UPDATE SET " : ") DO NOTHING";
    if (!updates) return;
    for (unsigned left = next_number(); left > 0; --left) {
        const ColumnInfo& its = next_column();
        name(its.name);
        out_ += "=excluded.";
        name(its.name);
        if (left > 1) out_ += ',';
    }
    if (!main().version) return;
    const std::string_view version = main().columns[*main().version].name;
    out_ += ',';
    name(version);
    out_ += '=';
    name(main().name);
    out_ += '.';
    name(version);
    out_ += "+1";
}

void StatementWriter::compared_conflict(const ColumnInfo& its) {
    if (is_lowered(its)) out_ += '(';
    compared_column(main(), its);
    if (is_lowered(its)) out_ += ')';
}

void StatementWriter::update() {
    out_ += "UPDATE ";
    name(main().name);
    const unsigned count = next_number();
    for (unsigned i = 0; i < count; ++i) {
        out_ += i == 0 ? " SET " : ",";
        name(next_column().name);
        out_ += '=';
        parameter();
    }
    if (!main().version) return;
    out_ += count == 0 ? " SET " : ",";
    const std::string_view version = main().columns[*main().version].name;
    name(version);
    out_ += '=';
    name(version);
    out_ += "+1";
}

void StatementWriter::selection() {
    std::string_view before = " WHERE ";
    if (skip('Z')) {
        out_ += before;
        column(main(), main().columns[*main().deleted_at]);
        out_ += " IS NULL";
        before = " AND ";
    }
    if (skip('W')) {
        out_ += before;
        const bool brackets = before == " AND ";
        if (brackets) out_ += '(';
        condition();
        if (brackets) out_ += ')';
    }
    if (skip('G')) references(" GROUP BY ");
    if (skip('H')) {
        out_ += " HAVING ";
        condition();
    }
    if (skip('O')) order();
    if (skip('L')) limit();
    if (skip('F')) {
        out_ += " OFFSET ";
        parameter();
    }
    if (skip('X') && dialect_ == Dialect::postgresql) {
        out_ += " FOR UPDATE OF ";
        name(main().name);
    }
}

void StatementWriter::references(std::string_view before) {
    while (!skip(';')) {
        out_ += before;
        reference(false);
        before = ",";
    }
}

void StatementWriter::order() {
    std::string_view before = " ORDER BY ";
    while (!skip(';')) {
        out_ += before;
        const bool descending = next() == 'd';
        reference(true);
        if (descending) out_ += " DESC";
        before = ",";
    }
}

void StatementWriter::limit() {
    out_ += " LIMIT ";
    if (dialect_ == Dialect::sqlite) return parameter();
    // To SQLite a negative limit is none; PostgreSQL refuses it, and takes NULL for none.
    out_ += "NULLIF(";
    parameter();
    out_ += "::bigint,-1)";
}

void write_statement(std::string_view key, const void*, Dialect dialect, std::string& out) {
    StatementWriter(key, dialect, out).write();
}

}  // namespace portico::db::detail
