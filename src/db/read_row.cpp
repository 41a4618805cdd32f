#include "portico/db/detail/read_row.hpp"

#include "portico/db/error.hpp"

namespace portico::db::detail {
namespace {

[[noreturn]] void misfit(const Row& row, const char* expected) {
    throw Error(Error::Kind::value,
                "column \"" + std::string(row.name(0)) + "\": expected " + expected);
}

}  // namespace

std::int64_t read_integer(const Row& row, std::int64_t least, std::int64_t most) {
    const Value value = row[0];
    if (value.kind != Value::Kind::integer) misfit(row, "an integer");
    if (value.integer < least || value.integer > most) misfit(row, "an integer that fits");
    return value.integer;
}

double read_real(const Row& row) {
    const Value value = row[0];
    if (value.kind == Value::Kind::integer) return static_cast<double>(value.integer);
    if (value.kind != Value::Kind::real) misfit(row, "a number");
    return value.real;
}

void read_text(const Row& row, std::string& out) {
    const Value value = row[0];
    if (!value.has_text()) misfit(row, "text");
    out.assign(value.text);
}

}  // namespace portico::db::detail
