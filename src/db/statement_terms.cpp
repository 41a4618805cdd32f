#include "db/statement_writer.hpp"

// What stands in lists and conditions: columns, aggregates, parameters.

namespace portico::db::detail {

void StatementWriter::name(std::string_view identifier) {
    out_ += '"';
    out_ += identifier;
    out_ += '"';
}

void StatementWriter::parameter() {
    out_ += dialect_ == Dialect::sqlite ? '?' : '$';
    out_ += std::to_string(++parameters_);
}

void StatementWriter::column(const TableInfo& table, const ColumnInfo& its) {
    if (tables_.size() > 1) {
        name(table.name);
        out_ += '.';
    }
    name(its.name);
}

bool StatementWriter::is_lowered(const ColumnInfo& its) const {
    return its.nocase && dialect_ == Dialect::postgresql;
}

void StatementWriter::compared_column(const TableInfo& table, const ColumnInfo& its) {
    is_lowered(its) ? lowered_column(table, its) : column(table, its);
}

void StatementWriter::lowered_column(const TableInfo& table, const ColumnInfo& its) {
    out_ += "lower(";
    column(table, its);
    out_ += " COLLATE \"C\")";
}

void StatementWriter::two_columns(const TableInfo& left, const ColumnInfo& a, char comparison,
                                  const TableInfo& right, const ColumnInfo& b) {
    const bool without_case = a.nocase || b.nocase;
    const bool lowers = without_case && dialect_ == Dialect::postgresql;
    lowers ? lowered_column(left, a) : column(left, a);
    if (without_case && !lowers) out_ += " COLLATE NOCASE";
    operator_of(comparison);
    lowers ? lowered_column(right, b) : column(right, b);
}

void StatementWriter::compared_parameter(const ColumnInfo& its) {
    if (is_lowered(its)) out_ += "lower(";
    parameter();
    if (is_lowered(its)) out_ += "::text COLLATE \"C\")";
}

void StatementWriter::column_list() {
    std::string_view before;
    for (const ColumnInfo& each : main().columns) {
        out_ += before;
        column(main(), each);
        before = ",";
    }
}

void StatementWriter::names(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
        if (i > 0) out_ += ',';
        name(next_column().name);
    }
}

void StatementWriter::reference(bool is_compared) {
    const auto function = static_cast<Function>(next());
    const TableInfo& table = *tables_[next_number()].table;
    const unsigned index = next_number();
    if (function == Function::column) {
        const ColumnInfo& its = table.columns[index];
        return is_compared ? compared_column(table, its) : column(table, its);
    }
    aggregate(function, table, index);
}

void StatementWriter::aggregate(Function function, const TableInfo& table, unsigned index) {
    if (function == Function::count_rows) {
        out_ += "count(*)";
        return;
    }
    const ColumnInfo& its = table.columns[index];
    switch (function) {
        case Function::count:
            out_ += "count(";
            break;
        case Function::count_distinct:
            out_ += "count(DISTINCT ";
            break;
        case Function::sum:
            out_ += "sum(";
            break;
        case Function::average:
            out_ += "avg(";
            break;
        case Function::least:
            out_ += "min(";
            break;
        default:
            out_ += "max(";
            break;
    }
    if (function == Function::count_distinct) {
        compared_column(table, its);
    } else {
        column(table, its);
    }
    out_ += ")";
    // SQLite's are times a power of ten.
    if (function == Function::average && dialect_ == Dialect::sqlite &&
        its.coding.form == Coding::Form::scaled_decimal) {
        out_ += "/1";
        out_.append(its.coding.scale, '0');
        out_ += ".0";
    }
}

void StatementWriter::condition() {
    const TableInfo* table = &main();
    for (;;) {
        const char token = next();
        switch (token) {
            case ';':
                return;
            case '(':
            case ')':
                out_ += token;
                break;
            case '&':
                out_ += " AND ";
                break;
            case '|':
                out_ += " OR ";
                break;
            case '~':
                out_ += "NOT ";
                break;
            case 'T':
                table = &next_table();
                break;
            case 'E':
                table = &main();
                break;
            case 'f':
                aggregate_comparison(*table);
                break;
            default:
                comparison(*table, token);
                break;
        }
    }
}

void StatementWriter::aggregate_comparison(const TableInfo& table) {
    const auto function = static_cast<Function>(next());
    aggregate(function, table, next_number());
    operator_of(next());
    parameter();
}

void StatementWriter::comparison(const TableInfo& table, char token) {
    const ColumnInfo& its = table.columns[next_number()];
    switch (token) {
        case '0':
        case '1':
            column(table, its);
            out_ += token == '0' ? " IS NULL" : " IS NOT NULL";
            return;
        case 'i':
            return any_of(table, its);
        case 'k':
            return like(table, its);
        case 'c': {
            // Another column, of any table.
            const char how = next();
            const TableInfo& other = next_table();
            return two_columns(table, its, how, other, other.columns[next_number()]);
        }
        default:
            compared_column(table, its);
            operator_of(token);
            compared_parameter(its);
            return;
    }
}

void StatementWriter::operator_of(char token) {
    switch (token) {
        case '!':
            out_ += " <> ";
            break;
        case 'l':
            out_ += " <= ";
            break;
        case 'g':
            out_ += " >= ";
            break;
        default:
            out_ += ' ';
            out_ += token;
            out_ += ' ';
            break;
    }
}

void StatementWriter::any_of(const TableInfo& table, const ColumnInfo& its) {
    compared_column(table, its);
    if (dialect_ == Dialect::sqlite) {
        out_ += " IN (SELECT value FROM json_each(";
        parameter();
        out_ += "))";
    } else if (its.nocase) {
        out_ += " = ANY (ARRAY(SELECT lower(value COLLATE \"C\") FROM unnest(";
        parameter();
        out_ += "::text[]) AS value))";
    } else {
        out_ += " = ANY (";
        parameter();
        out_ += ")";
    }
}

void StatementWriter::like(const TableInfo& table, const ColumnInfo& its) {
    const bool lowers = dialect_ == Dialect::postgresql;
    if (lowers) out_ += "lower(";
    column(table, its);
    out_ += lowers ? "::text COLLATE \"C\") LIKE lower(" : " LIKE ";
    parameter();
    if (lowers) out_ += "::text COLLATE \"C\")";
    out_ += " ESCAPE '\\'";
}

}  // namespace portico::db::detail
