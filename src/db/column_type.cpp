#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "portico/db/detail/coding.hpp"
#include "portico/model/annotations.hpp"
#include "portico/model/date_time.hpp"
#include "portico/model/decimal.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/uuid.hpp"

namespace portico::db::detail {
namespace {

using Form = Coding::Form;

std::string_view sqlite_type(const Coding& coding) {
    switch (coding.form) {
        case Form::boolean:
        case Form::integer:
        case Form::date_time:
        case Form::scaled_decimal:
            return "INTEGER";
        case Form::real:
            return "REAL";
        case Form::bytes:
            return "BLOB";
        default:
            return "TEXT";
    }
}

// The text types for which PostgreSQL has a type of its own. Not `Time`, which may carry an offset
// that `time` does not keep.
std::string_view type_of_text(const Coding& coding) {
    if (coding.type == model::slot_of<model::Uuid>().type) return "uuid";
    if (coding.type == model::slot_of<model::Decimal>().type) return "numeric";
    if (coding.type == model::slot_of<model::Date>().type) return "date";
    if (coding.type == model::slot_of<model::NaiveDateTime>().type) return "timestamp";
    return {};
}

std::string postgresql_type(const Coding& coding) {
    switch (coding.form) {
        case Form::boolean:
            return "boolean";
        case Form::integer:
            return "bigint";
        case Form::real:
            return "double precision";
        case Form::date_time:
            return "timestamptz";
        case Form::scaled_decimal: {
            // As many digits as an integer of 64 bits has.
            const std::size_t digits = coding.annotations->max_digits;
            return fmt::format("numeric({}, {})", std::min<std::size_t>(digits, 19), coding.scale);
        }
        case Form::bytes:
            return "bytea";
        case Form::json:
            return "jsonb";
        case Form::text:
            if (const auto own = type_of_text(coding); !own.empty()) return std::string(own);
            break;
        default:
            break;
    }
    const std::size_t longest = longest_text(coding);
    return longest == 0 ? "text" : fmt::format("varchar({})", longest);
}

struct Spellings {
    std::string_view type;
    std::string_view live;  // as information_schema, pg_type or format_type have it
};
constexpr Spellings kSpellings[]{
    {"boolean", "|BOOLEAN|BOOL|"},
    {"bigint", "|BIGINT|INT8|"},
    {"double precision", "|DOUBLE PRECISION|FLOAT8|"},
    {"timestamptz", "|TIMESTAMP WITH TIME ZONE|TIMESTAMPTZ|"},
    {"timestamp", "|TIMESTAMP WITHOUT TIME ZONE|TIMESTAMP|"},
    {"numeric", "|NUMERIC|"},
    {"bytea", "|BYTEA|"},
    {"jsonb", "|JSONB|"},
    {"uuid", "|UUID|"},
    {"date", "|DATE|"},
    {"text", "|TEXT|CHARACTER VARYING|VARCHAR|"},
    {"varchar", "|TEXT|CHARACTER VARYING|VARCHAR|"},
};

}  // namespace

std::size_t longest_text(const Coding& coding) noexcept {
    const bool is_text = coding.form == Form::string || coding.form == Form::text;
    if (!is_text || !coding.annotations || !type_of_text(coding).empty()) return 0;
    const std::size_t longest = coding.annotations->max_length;
    // What PostgreSQL's varchar can be at most.
    return longest <= 10'485'760 ? longest : 0;
}

std::string sql_type(const Coding& coding, Dialect dialect) {
    return dialect == Dialect::sqlite ? std::string(sqlite_type(coding)) : postgresql_type(coding);
}

bool fits_type(const Coding& coding, std::string_view live, Dialect dialect) {
    if (dialect == Dialect::sqlite) return live == sqlite_type(coding);
    // "CHARACTER VARYING(50)", "NUMERIC(19,2)": what is in brackets is for the schema to say.
    const std::string name = fmt::format("|{}|", live.substr(0, live.find('(')));
    const std::string type = postgresql_type(coding);
    const bool is_short =
        coding.form == Form::integer && coding.bytes <= 4 && (coding.is_signed || coding.bytes < 4);
    if (is_short && (name == "|INTEGER|" || name == "|INT4|")) return true;
    const auto* const found = std::ranges::find(
        kSpellings, std::string_view(type).substr(0, type.find('(')), &Spellings::type);
    return found != std::end(kSpellings) && found->live.contains(name);
}

}  // namespace portico::db::detail
