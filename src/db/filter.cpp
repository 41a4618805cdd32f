#include "portico/db/detail/filter.hpp"

#include <fmt/format.h>

#include "portico/model/write.hpp"

namespace portico::db::detail {

void Filter::add_null_test(std::size_t column, bool is_null) {
    tokens.push_back(is_null ? '0' : '1');
    tokens.push_back(static_cast<char>(column));
}

void Filter::add_any_of(std::size_t column, Parameters& values) {
    tokens.push_back('i');
    tokens.push_back(static_cast<char>(column));
    std::string array = "[";
    for (const Value& value : values.bound()) {
        if (array.size() > 1) array.push_back(',');
        switch (value.kind) {
            case Value::Kind::null:
                array += "null";
                break;
            case Value::Kind::integer:
                array += std::to_string(value.integer);
                break;
            case Value::Kind::real:
                array += fmt::format("{}", value.real);
                break;
            case Value::Kind::text:
            case Value::Kind::bytes:
            case Value::Kind::decimal:
                model::write_json_string(value.text, array);
                break;
        }
    }
    array.push_back(']');
    parameters.add(Value{std::string_view(array)});
}

void Filter::join(const Filter& other, bool all) {
    if (other.tokens.empty()) return;
    if (tokens.empty()) {
        *this = other;
        return;
    }
    Filter both;
    both.tokens.push_back('(');
    both.tokens.append(tokens.data(), tokens.size());
    both.tokens.push_back(all ? '&' : '|');
    both.tokens.append(other.tokens.data(), other.tokens.size());
    both.tokens.push_back(')');
    both.parameters = parameters;
    both.parameters.add(other.parameters);
    *this = both;
}

void Filter::add_comparison(Compare how, std::size_t column, const TableInfo& other,
                            std::size_t other_column) {
    tokens.push_back('c');
    tokens.push_back(static_cast<char>(column));
    tokens.push_back(static_cast<char>(how));
    add_address(tokens, other);
    tokens.push_back(static_cast<char>(other_column));
}

void Filter::belong_to(const TableInfo& table) {
    InlineVector<char, 48> inside;
    inside.push_back('T');
    add_address(inside, table);
    inside.append(tokens.data(), tokens.size());
    inside.push_back('E');
    tokens = inside;
}

void Filter::negate() {
    InlineVector<char, 48> negated;
    negated.push_back('~');
    negated.push_back('(');
    negated.append(tokens.data(), tokens.size());
    negated.push_back(')');
    tokens = negated;
}

std::string escape_like(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') escaped.push_back('\\');
        escaped.push_back(c);
    }
    return escaped;
}

}  // namespace portico::db::detail
