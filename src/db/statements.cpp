#include "portico/db/detail/statements.hpp"

#include <cstring>

namespace portico::db::detail {
namespace {

/// Reads a key and writes SQL.
class Writer {
public:
    Writer(std::string_view key, Dialect dialect, std::string& out) : dialect_(dialect), out_(out) {
        std::memcpy(&table_, key.data(), sizeof table_);
        rest_ = key.substr(sizeof table_);
    }

    void write() {
        switch (static_cast<Verb>(next())) {
            case Verb::select:
                out_ += "SELECT ";
                column_list(",");
                from();
                break;
            case Verb::count:
                out_ += "SELECT count(*)";
                from();
                break;
            case Verb::exists:
                out_ += "SELECT EXISTS (SELECT 1";
                from();
                selection();
                out_ += ")";
                return;
            case Verb::insert:
                return insert();
            case Verb::update:
                update();
                break;
            case Verb::update_returning:
                update();
                selection();
                out_ += " RETURNING ";
                column_list(",");
                return;
            case Verb::remove:
                out_ += "DELETE";
                from();
                break;
        }
        selection();
    }

private:
    char next() {
        const char token = rest_.front();
        rest_.remove_prefix(1);
        return token;
    }
    bool skip(char token) {
        if (!rest_.starts_with(token)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    const ColumnInfo& next_column() { return table_->columns[static_cast<unsigned char>(next())]; }

    void name(std::string_view identifier) {
        out_ += '"';
        out_ += identifier;
        out_ += '"';
    }
    void parameter() {
        out_ += dialect_ == Dialect::sqlite ? '?' : '$';
        out_ += std::to_string(++parameters_);
    }
    void from() {
        out_ += " FROM ";
        name(table_->name);
    }
    void column_list(std::string_view separator) {
        std::string_view before;
        for (const ColumnInfo& column : table_->columns) {
            out_ += before;
            name(column.name);
            before = separator;
        }
    }

    void insert() {
        out_ += "INSERT INTO ";
        name(table_->name);
        const auto count = static_cast<unsigned char>(next());
        if (count == 0) {
            out_ += " DEFAULT VALUES";
        } else {
            for (unsigned i = 0; i < count; ++i) {
                out_ += i == 0 ? " (" : ",";
                name(next_column().name);
            }
            for (unsigned i = 0; i < count; ++i) {
                out_ += i == 0 ? ") VALUES (" : ",";
                parameter();
            }
            out_ += ")";
        }
        if (!skip('r')) return;
        out_ += " RETURNING ";
        const auto returned = static_cast<unsigned char>(next());
        for (unsigned i = 0; i < returned; ++i) {
            if (i > 0) out_ += ",";
            name(next_column().name);
        }
    }

    void update() {
        out_ += "UPDATE ";
        name(table_->name);
        const auto count = static_cast<unsigned char>(next());
        for (unsigned i = 0; i < count; ++i) {
            out_ += i == 0 ? " SET " : ",";
            name(next_column().name);
            out_ += '=';
            parameter();
        }
    }

    void selection() {
        if (skip('W')) {
            out_ += " WHERE ";
            condition();
        }
        if (skip('O')) {
            std::string_view before = " ORDER BY ";
            while (!rest_.starts_with(';')) {
                out_ += before;
                const bool descending = next() == 'd';
                name(next_column().name);
                if (descending) out_ += " DESC";
                before = ",";
            }
            skip(';');
        }
        if (skip('L')) {
            out_ += " LIMIT ";
            parameter();
        }
        if (skip('F')) {
            out_ += " OFFSET ";
            parameter();
        }
    }

    void condition() {
        for (;;) {
            const char token = next();
            switch (token) {
                case ';':
                    return;
                case '(':
                    out_ += '(';
                    break;
                case ')':
                    out_ += ')';
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
                default:
                    comparison(token);
                    break;
            }
        }
    }

    void comparison(char token) {
        name(next_column().name);
        switch (token) {
            case '0':
                out_ += " IS NULL";
                return;
            case '1':
                out_ += " IS NOT NULL";
                return;
            case 'i':
                // One parameter, a JSON array, however many values: one statement for them all.
                if (dialect_ == Dialect::postgresql) {
                    out_ += " = ANY (";
                    parameter();
                    out_ += ")";
                    return;
                }
                out_ += " IN (SELECT value FROM json_each(";
                parameter();
                out_ += "))";
                return;
            case 'k':
                out_ += " LIKE ";
                parameter();
                out_ += " ESCAPE '\\'";
                return;
            case '=':
                out_ += " = ";
                break;
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
        parameter();
    }

    Dialect dialect_;
    std::string& out_;
    const TableInfo* table_ = nullptr;
    std::string_view rest_;
    unsigned parameters_ = 0;
};

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

const std::byte* at(const void* object, std::size_t offset) {
    return static_cast<const std::byte*>(object) + offset;
}

}  // namespace

void begin_key(Key& key, const TableInfo& table, Verb verb) {
    const TableInfo* address = &table;
    char bytes[sizeof address];
    std::memcpy(bytes, &address, sizeof address);
    key.append(bytes, sizeof bytes);
    key.push_back(static_cast<char>(verb));
}

void add_columns(Key& key, std::span<const std::size_t> columns) {
    key.push_back(static_cast<char>(columns.size()));
    for (const std::size_t column : columns) key.push_back(static_cast<char>(column));
}

void add_selection(Key& key, const Selection& selection, Parameters& parameters) {
    const Filter& filter = selection.filter;
    if (!filter.tokens.empty()) {
        key.push_back('W');
        key.append(filter.tokens.data(), filter.tokens.size());
        key.push_back(';');
        parameters.add(filter.parameters);
    }
    if (!selection.order.empty()) {
        key.push_back('O');
        key.append(selection.order.data(), selection.order.size());
        key.push_back(';');
    }
    // OFFSET needs a LIMIT before it in SQLite; a negative one is none.
    if (selection.limit >= 0 || selection.offset > 0) {
        key.push_back('L');
        parameters.add(Value{selection.limit});
    }
    if (selection.offset > 0) {
        key.push_back('F');
        parameters.add(Value{selection.offset});
    }
}

void insert_statement(const TableInfo& table, const void* object, Key& key,
                      Parameters& parameters) {
    InlineVector<std::size_t, 16> columns;
    InlineVector<std::size_t, 16> assigned;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const ColumnInfo& column = table.columns[i];
        const std::size_t before = parameters.size();
        encode(column.coding, at(object, column.offset), Text::referred, parameters);
        if (column.assigned && is_empty(parameters.bound()[before])) {
            parameters.remove_last();
            assigned.push_back(i);
        } else {
            columns.push_back(i);
        }
    }
    begin_key(key, table, Verb::insert);
    add_columns(key, {columns.data(), columns.size()});
    if (assigned.empty()) return;
    key.push_back('r');
    add_columns(key, {assigned.data(), assigned.size()});
}

void update_statement(const TableInfo& table, const void* object,
                      std::span<const std::size_t> columns, Verb verb, Key& key,
                      Parameters& parameters) {
    begin_key(key, table, verb);
    add_columns(key, columns);
    for (const std::size_t column : columns) {
        const ColumnInfo& info = table.columns[column];
        encode(info.coding, at(object, info.offset), Text::referred, parameters);
    }
    const char where[]{'W', '=', static_cast<char>(table.key), ';'};
    key.append(where, sizeof where);
    const ColumnInfo& id = table.columns[table.key];
    encode(id.coding, at(object, id.offset), Text::referred, parameters);
}

void write_statement(std::string_view key, const void*, Dialect dialect, std::string& out) {
    Writer(key, dialect, out).write();
}

}  // namespace portico::db::detail
