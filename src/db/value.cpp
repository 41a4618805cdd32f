#include "portico/db/value.hpp"

#include <charconv>

namespace portico::db::detail {
namespace {

template <class T>
std::optional<T> parse(std::string_view text) noexcept {
    T number{};
    const char* const end = text.data() + text.size();
    const auto [rest, failed] = std::from_chars(text.data(), end, number);
    if (failed != std::errc{} || rest != end) return std::nullopt;
    return number;
}

}  // namespace

std::optional<std::int64_t> integer_of(const Value& value) noexcept {
    if (value.kind == Value::Kind::integer) return value.integer;
    if (value.kind != Value::Kind::decimal) return std::nullopt;
    // "3.00" is one: the sum of a column of prices may be.
    const auto dot = value.text.find('.');
    const auto fraction =
        dot == std::string_view::npos ? std::string_view{} : value.text.substr(dot + 1);
    if (fraction.find_first_not_of('0') != std::string_view::npos) return std::nullopt;
    return parse<std::int64_t>(value.text.substr(0, dot));
}

std::optional<double> real_of(const Value& value) noexcept {
    if (value.kind == Value::Kind::real) return value.real;
    if (value.kind == Value::Kind::integer) return static_cast<double>(value.integer);
    if (value.kind == Value::Kind::decimal) return parse<double>(value.text);
    return std::nullopt;
}

}  // namespace portico::db::detail
