#include "portico/db/detail/keyset.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "portico/db/error.hpp"

namespace portico::db::detail {
namespace {

constexpr std::size_t kTerm = 4;  // direction, function, table, column

struct Term {
    bool descending;
    std::size_t column;
    Coding coding;  // of the value
    const void* value;
};

[[noreturn]] void refuse(const std::string& why) {
    throw Error(Error::Kind::statement, "after(): " + why);
}

std::string quoted(std::string_view name) {
    return "\"" + std::string(name) + "\"";
}

Filter compared(const Term& term, Compare how) {
    Filter filter;
    filter.add_comparison(how, term.column);
    encode_present(term.coding, term.value, Text::copied, filter.parameters);
    return filter;
}

// a ≥ ? AND (a > ? OR (a = ? AND …)): the first comparison is what an index is entered by.
Filter beyond(std::span<const Term> terms) {
    const Term& first = terms.front();
    Filter filter = compared(first, first.descending ? Compare::less : Compare::greater);
    if (terms.size() == 1) return filter;
    Filter same = compared(first, Compare::equal);
    same.join(beyond(terms.subspan(1)), true);
    filter.join(same, false);
    Filter bound = compared(first, first.descending ? Compare::at_most : Compare::at_least);
    bound.join(filter, true);
    return bound;
}

// Where the position has the value of a column: it is one, or a model with one of that name.
void find_value(const ColumnInfo& column, bool only, model::Slot slot, const void* position,
                Term& term) {
    term.value = position;
    if (slot.type->kind == model::Kind::object) {
        const auto fields = model::fields_of(*slot.type);
        const auto found = std::ranges::find(fields, column.name, &model::Field::name);
        if (found == fields.end()) refuse("the position lacks " + quoted(column.name));
        slot = found->slot;
        term.value = model::member(position, *found);
    } else if (!only) {
        refuse("the order has several columns, so the position is a struct of them");
    }
    term.coding = coding_of(slot, column.name);
    const bool integers =
        term.coding.form == Coding::Form::integer && column.coding.form == Coding::Form::integer;
    if (term.coding.optional || (term.coding.type != column.coding.type && !integers)) {
        refuse("the position's " + quoted(column.name) + " is of another type");
    }
    if (!integers) term.coding = column.coding;
}

}  // namespace

void order_by_key(const TableInfo& table, Selection& selection) {
    auto& order = selection.order;
    for (std::size_t i = 0; i < order.size(); i += kTerm) {
        const auto function = static_cast<Function>(order[i + 1]);
        if (function != Function::column || order[i + 2] != 0) {
            refuse("the order is by columns of \"" + table.name + "\" alone");
        }
        if (static_cast<unsigned char>(order[i + 3]) == table.key) return;
    }
    // One index serves an order whose directions are all the same.
    order.push_back(order.empty() ? 'a' : order[order.size() - kTerm]);
    add_reference(order, {.column = static_cast<std::uint8_t>(table.key)});
}

void add_after(const TableInfo& table, Selection& selection, model::Slot slot,
               const void* position) {
    order_by_key(table, selection);
    const auto& order = selection.order;
    std::vector<Term> terms;
    for (std::size_t i = 0; i < order.size(); i += kTerm) {
        const auto index = static_cast<unsigned char>(order[i + 3]);
        const ColumnInfo& column = table.columns[index];
        if (column.nullable) refuse(quoted(column.name) + " may be NULL, which has no place");
        Term term{.descending = order[i] == 'd', .column = index, .coding = {}, .value = nullptr};
        find_value(column, order.size() == kTerm, slot, position, term);
        terms.push_back(term);
        if (index == table.key) break;
    }
    selection.filter.join(beyond(terms), true);
}

}  // namespace portico::db::detail
