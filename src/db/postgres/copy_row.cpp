#include "db/postgres/copy_row.hpp"

#include <string_view>

#include "db/postgres/encode.hpp"
#include "portico/db/error.hpp"
#include "portico/model/date_time.hpp"

namespace portico::db::postgres {
namespace {

using detail::Coding;

// https://www.postgresql.org/docs/15/sql-copy.html, "Text Format": a backslash, and what would end
// a field or a line, are written with a backslash.
void add_escaped(std::string_view text, const Coding& coding, std::string& out) {
    for (const char c : text) {
        switch (c) {
            case '\0':
                throw Error(Error::Kind::value, "column \"" + std::string(coding.name) +
                                                    "\": a text with a NUL can't be stored");
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += c;
        }
    }
}

void add_bytes(std::string_view bytes, std::string& out) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    out += "\\\\x";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
}

void add(const Value& value, const Coding& coding, std::string& out) {
    switch (value.kind) {
        case Value::Kind::null:
            out += "\\N";
            return;
        case Value::Kind::integer:
            if (coding.form == Coding::Form::boolean) {
                out += value.integer != 0 ? 't' : 'f';
            } else if (coding.form == Coding::Form::date_time) {
                out += model::DateTime::from_unix_microseconds(value.integer).to_string();
            } else {
                out += scaled_text(value.integer, value.scale);
            }
            return;
        case Value::Kind::real:
            out += real_text(value.real);
            return;
        case Value::Kind::bytes:
            return add_bytes(value.text, out);
        case Value::Kind::text:
        case Value::Kind::decimal:
            return add_escaped(value.text, coding, out);
    }
}

}  // namespace

bool is_copied(const detail::TableInfo& table, std::size_t column) noexcept {
    return !(table.key_generated && column == table.key);
}

void write_copy_row(const detail::TableInfo& table, const void* object, std::string& out) {
    const std::size_t before = out.size();
    try {
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            if (!is_copied(table, i)) continue;
            const detail::ColumnInfo& column = table.columns[i];
            detail::Parameters parameters;
            detail::encode(column.coding, static_cast<const std::byte*>(object) + column.offset,
                           detail::Text::referred, parameters);
            if (out.size() > before) out += '\t';
            add(parameters.bound()[0], column.coding, out);
        }
    } catch (...) {
        out.resize(before);
        throw;
    }
    out += '\n';
}

}  // namespace portico::db::postgres
