#include "db/postgres/fault.hpp"

#include <algorithm>
#include <vector>

#include "portico/db/error.hpp"

namespace portico::db::postgres {
namespace {

using Constraint = IntegrityError::Constraint;

std::string_view field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text ? text : "";
}

// "lower((email)::text COLLATE \"C\")", "lower(email)", "\"Email\"": the column's name in an index.
std::string column_in(std::string_view text) {
    if (text.starts_with("lower(") && text.ends_with(')')) {
        text = text.substr(6);
        while (text.starts_with('(')) text.remove_prefix(1);
        text = text.substr(0, std::min({text.find(')'), text.find("::"), text.find(" COLLATE ")}));
    }
    if (text.size() > 2 && text.starts_with('"') && text.ends_with('"')) {
        text = text.substr(1, text.size() - 2);
    }
    return std::string(text);
}

// The detail of a violated key is "Key (email, team)=(…) already exists.", in the server's
// language; what stands between the first parenthesis and ")=(" is the same in all.
std::vector<std::string> columns_in(std::string_view detail) {
    std::vector<std::string> columns;
    const auto open = detail.find('(');
    const auto close = detail.find(")=(");
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
        return columns;
    }
    std::string_view rest = detail.substr(open + 1, close - open - 1);
    while (!rest.empty()) {
        const auto comma = rest.find(", ");
        columns.push_back(column_in(rest.substr(0, comma)));
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 2);
    }
    return columns;
}

std::exception_ptr integrity(const PGresult* result, Constraint constraint,
                             std::string_view statement) {
    std::vector<std::string> columns;
    if (constraint == Constraint::check) {
        columns.emplace_back(field(result, PG_DIAG_CONSTRAINT_NAME));
    } else if (const auto column = field(result, PG_DIAG_COLUMN_NAME); !column.empty()) {
        columns.emplace_back(column);
    } else {
        columns = columns_in(field(result, PG_DIAG_MESSAGE_DETAIL));
    }
    return std::make_exception_ptr(IntegrityError(
        constraint, std::string(field(result, PG_DIAG_TABLE_NAME)), std::move(columns),
        std::string(field(result, PG_DIAG_MESSAGE_PRIMARY)), statement));
}

struct Mapping {
    std::string_view state;  // or the class that it begins with
    Error::Kind kind;
};

// Of several that fit, the first. https://www.postgresql.org/docs/15/errcodes-appendix.html
constexpr Mapping kMappings[]{
    {"40001", Error::Kind::serialization},
    {"40P01", Error::Kind::deadlock},
    {"57014", Error::Kind::interrupted},
    {"25006", Error::Kind::read_only},
    {"53100", Error::Kind::disk_full},
    {"53200", Error::Kind::disk_full},
    {"42501", Error::Kind::unavailable},
    {"42P01", Error::Kind::schema},
    {"42703", Error::Kind::schema},
    {"42704", Error::Kind::schema},
    {"3F000", Error::Kind::schema},
    {"22", Error::Kind::value},
    {"54", Error::Kind::value},
    {"58", Error::Kind::io},
    {"XX001", Error::Kind::corrupt},
    {"XX002", Error::Kind::corrupt},
};

// What the server quotes is a name, but in a message about a value, or a function's own, it is the
// value: `invalid input syntax for type uuid: "…"`.
std::string without_values(std::string_view message) {
    std::string text;
    bool quoted = false;
    for (const char c : message) {
        if (c == '"') {
            if (!quoted) text += "\"…\"";
            quoted = !quoted;
        } else if (!quoted) {
            text += c;
        }
    }
    return text;
}

}  // namespace

std::string_view sqlstate(const PGresult* result) noexcept {
    const char* text = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return text ? text : "";
}

bool ends_connection(std::string_view state) noexcept {
    // 57P01 admin_shutdown, 57P02 crash_shutdown, 57P03 cannot_connect_now, 57P05
    // idle_session_timeout, 25P03 idle_in_transaction_session_timeout; 08 connection exceptions.
    return state.starts_with("08") || (state.starts_with("57P") && state != "57P04") ||
           state == "25P03";
}

bool is_stale(const PGresult* result) noexcept {
    const std::string_view state = sqlstate(result);
    if (state == "26000") return true;
    // "cached plan must not change result type" shares its code with all that is not supported.
    return state == "0A000" && field(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery";
}

std::exception_ptr fault(const PGresult* result, std::string_view statement) {
    const std::string_view state = sqlstate(result);
    if (state == "23505" || state == "23P01") {
        return integrity(result, Constraint::unique, statement);
    }
    if (state == "23503") return integrity(result, Constraint::foreign_key, statement);
    if (state == "23502") return integrity(result, Constraint::not_null, statement);
    if (state == "23514") return integrity(result, Constraint::check, statement);

    std::string message(field(result, PG_DIAG_MESSAGE_PRIMARY));
    if (message.empty()) message = "the server gave no reason";
    if (ends_connection(state) || state == "53300") return unavailable(std::move(message));
    if (state == "55P03") return std::make_exception_ptr(Busy(std::move(message)));
    if (state.starts_with("22") || state.starts_with("P0")) message = without_values(message);
    Error::Kind kind = Error::Kind::statement;
    for (const Mapping& mapping : kMappings) {
        if (!state.starts_with(mapping.state)) continue;
        kind = mapping.kind;
        break;
    }
    return std::make_exception_ptr(Error(kind, std::move(message), statement));
}

std::exception_ptr unavailable(std::string message) {
    return std::make_exception_ptr(Unavailable(std::move(message)));
}

std::string last_message(const PGconn* connection) {
    std::string text = PQerrorMessage(connection);
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace portico::db::postgres
