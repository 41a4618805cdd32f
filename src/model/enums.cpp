#include "model/enums.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

namespace portico::model {
namespace {

using detail::details_of;
using detail::EnumDetails;

/// "shop::Color::red" is a name, "(shop::Color)3" a value without one.
std::string_view enumerator_name(std::string_view spelled) {
    if (spelled.starts_with('(') && !spelled.ends_with(')')) return {};
    const auto colon = spelled.rfind(':');
    const std::string_view name = colon == spelled.npos ? spelled : spelled.substr(colon + 1);
    const bool is_name =
        !name.empty() && name.front() != '-' && !(name.front() >= '0' && name.front() <= '9');
    return is_name ? name : std::string_view();
}

}  // namespace

std::vector<std::string_view> spelled_elements(std::string_view pretty) {
    std::vector<std::string_view> elements;
    auto at = pretty.find("= <");
    if (at == pretty.npos) at = pretty.find("= {");
    if (at == pretty.npos) return elements;
    at += 3;
    int depth = 0;
    for (std::size_t from = at; at < pretty.size(); ++at) {
        const char c = pretty[at];
        if (depth == 0 && (c == ',' || c == '>' || c == '}')) {
            elements.push_back(pretty.substr(from, at - from));
            if (c != ',') break;
            from = at + 1;
            if (from < pretty.size() && pretty[from] == ' ') ++from;
        }
        if (c == '<' || c == '(' || c == '{') ++depth;
        if ((c == '>' || c == ')' || c == '}') && depth > 0) --depth;
    }
    return elements;
}

std::span<const EnumValue> enum_values(const Type& type) {
    const auto& details = details_of<EnumDetails>(type);
    if (!details.values.empty()) return details.values;
    if (const auto* known = details.cell->load(std::memory_order_acquire)) return *known;

    struct Table {
        std::span<const EnumValue> view;
        std::vector<EnumValue> values;
    };
    auto table = std::make_unique<Table>();
    if (details.of != nullptr) {
        for (const std::int64_t picked : details.picked) {
            const auto all = enum_values(*details.of);
            const auto found = std::ranges::find(all, picked, &EnumValue::value);
            if (found != all.end()) table->values.push_back(*found);
        }
    }
    std::int64_t value = details.first;
    for (const std::string_view spelled : spelled_elements(details.pretty)) {
        const auto name = enumerator_name(spelled);
        if (!name.empty()) table->values.emplace_back(name, value);
        ++value;
    }
    table->view = table->values;
    const std::span<const EnumValue>* expected = nullptr;
    if (details.cell->compare_exchange_strong(expected, &table->view, std::memory_order_acq_rel)) {
        return table.release()->view;  // lives as long as the program: types do
    }
    return *expected;
}

std::int64_t enum_value(const Type& type, const void* value) {
    const auto& details = details_of<EnumDetails>(type);
    std::uint64_t bits = 0;
    std::memcpy(&bits, value, details.bytes);
    if (details.is_signed && details.bytes < 8) {
        const unsigned shift = 64U - details.bytes * 8U;
        return static_cast<std::int64_t>(bits << shift) >> shift;
    }
    return static_cast<std::int64_t>(bits);
}

std::string_view enum_name(const Type& type, const void* value) {
    const std::int64_t wanted = enum_value(type, value);
    for (const EnumValue& each : enum_values(type)) {
        if (each.value == wanted) return each.name;
    }
    return {};
}

}  // namespace portico::model
