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
    const auto number = integer_of(value);
    if (!number) misfit(row, "an integer");
    if (*number < least || *number > most) misfit(row, "an integer that fits");
    return *number;
}

double read_real(const Row& row) {
    const auto number = real_of(row[0]);
    if (!number) misfit(row, "a number");
    return *number;
}

void read_text(const Row& row, std::string& out) {
    const Value value = row[0];
    if (!value.has_text()) misfit(row, "text");
    out.assign(value.text);
}

}  // namespace portico::db::detail
