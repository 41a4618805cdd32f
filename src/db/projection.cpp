#include "portico/db/detail/projection.hpp"

#include <algorithm>
#include <string>

#include "portico/db/error.hpp"
#include "portico/db/expression.hpp"

namespace portico::db::detail {
namespace {

using Form = Coding::Form;

[[noreturn]] void refuse(const std::string& why) {
    throw Error(Error::Kind::schema, "select: " + why);
}

std::string quoted(std::string_view name) {
    return "\"" + std::string(name) + "\"";
}

bool is_number(const Coding& coding) {
    return coding.form == Form::integer || coding.form == Form::real;
}

}  // namespace

Coding coding_of(Function function, const ColumnInfo* column) {
    const bool is_real = column && column->coding.form == Form::real;
    switch (function) {
        case Function::count_rows:
        case Function::count:
        case Function::count_distinct:
            return coding_of(model::slot_of<std::int64_t>(), "count");
        case Function::average:
            return coding_of(model::slot_of<double>(), "avg");
        case Function::sum:
            if (is_real) return coding_of(model::slot_of<double>(), "sum");
            if (column->coding.form == Form::integer) {
                return coding_of(model::slot_of<std::int64_t>(), "sum");
            }
            break;
        default:
            break;
    }
    Coding coding = column->coding;
    coding.optional = nullptr;
    return coding;
}

Step step_to(model::Slot slot, std::string_view name, const Source& source, std::size_t column,
             std::size_t offset) {
    Step step{.coding = coding_of(slot, name), .column = column, .offset = offset};
    const auto* const optional = step.coding.optional;
    if (step.coding.type == source.coding.type) {
        // How the column keeps it: a decimal's places are the column's.
        step.coding = source.coding;
        step.coding.name = name;
        step.coding.optional = optional;
    } else if (!is_number(step.coding) || !is_number(source.coding)) {
        refuse(quoted(name) + " is a " + std::string(source.coding.type->name) +
               ", and is to become a " + std::string(step.coding.type->name));
    }
    return step;
}

std::vector<Step> steps_to_members(model::Slot slot, std::span<const Source> sources) {
    std::vector<Step> steps;
    for (const model::Field& field : model::fields_of(*slot.type)) {
        const auto found = std::ranges::find(sources, field.name, &Source::name);
        if (found == sources.end()) refuse("there is nothing for the member " + quoted(field.name));
        steps.push_back(step_to(field.slot, field.name, *found,
                                static_cast<std::size_t>(found - sources.begin()), field.offset));
    }
    if (steps.size() == sources.size()) return steps;
    for (const Source& source : sources) {
        const auto named = [&](const Step& step) { return step.coding.name == source.name; };
        if (std::ranges::none_of(steps, named)) {
            refuse("there is no member for " + quoted(source.name) +
                   ": name one with as(\"member\", …)");
        }
    }
    refuse("two values have the same name");
}

void project(const TableInfo& table, const Selection& selection, std::span<const Source> sources,
             bool distinct, std::int64_t limit, PendingStatement& pending) {
    Operation& operation = pending.operation();
    operation.writes = selection.for_update;
    operation.statement.write = &write_statement;
    Key& key = pending.key();
    begin_key(key, table, Verb::project);
    add_joins(key, selection);
    if (distinct) key.push_back('d');
    key.push_back(static_cast<char>(sources.size()));
    for (const Source& source : sources) add_reference(key, source.reference);
    Selection rows = selection;
    rows.limit = limit;
    add_selection(key, table, rows, pending.parameters());
}

void refuse_selection(std::size_t values, std::size_t expected) {
    refuse("expected " + std::to_string(expected) + " values, got " + std::to_string(values));
}

void refuse_row_count(std::string_view table, bool none) {
    throw Error(Error::Kind::not_one, "one() found " +
                                          std::string(none ? "no row" : "more than one row") +
                                          " of " + quoted(table));
}

}  // namespace portico::db::detail
