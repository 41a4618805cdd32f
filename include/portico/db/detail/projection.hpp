#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "portico/db/detail/pending.hpp"
#include "portico/db/detail/read_row.hpp"
#include "portico/db/detail/statements.hpp"
#include "portico/model/slot_of.hpp"

namespace portico::db::detail {

/// One value that a query selects.
struct Source {
    Reference reference;
    Coding coding;
    std::string_view name;
};

/// Where a selected value goes.
struct Step {
    Coding coding;
    std::size_t column;  ///< In the row.
    std::size_t offset;  ///< In the object.
};

/// Throws `Error` (schema) when a value of the source does not fit the slot.
[[nodiscard]] Step step_to(model::Slot slot, std::string_view name, const Source& source,
                           std::size_t column, std::size_t offset);
/// To the members of a model, by their names. Throws when one has no source, or a source no member.
[[nodiscard]] std::vector<Step> steps_to_members(model::Slot slot, std::span<const Source> sources);
/// The statement that selects the sources.
void project(const TableInfo& table, const Selection& selection, std::span<const Source> sources,
             bool distinct, std::int64_t limit, PendingStatement& pending);
[[noreturn]] void refuse_selection(std::size_t values, std::size_t expected);

template <class T>
concept TupleLike = requires { std::tuple_size<T>::value; };

/// A struct by the names of its members, a tuple or pair in order, anything else from one value.
template <class Into>
[[nodiscard]] std::vector<Step> steps_to(std::span<const Source> sources) {
    if constexpr (TupleLike<Into>) {
        constexpr std::size_t kSize = std::tuple_size_v<Into>;
        if (sources.size() != kSize) refuse_selection(sources.size(), kSize);
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return std::vector<Step>{step_to(model::slot_of<std::tuple_element_t<I, Into>>(),
                                             sources[I].name, sources[I], I, 0)...};
        }(std::make_index_sequence<kSize>{});
    } else if constexpr (HasMembers<Into>) {
        return steps_to_members(model::slot_of<Into>(), sources);
    } else {
        if (sources.size() != 1) refuse_selection(sources.size(), 1);
        return {step_to(model::slot_of<Into>(), sources[0].name, sources[0], 0, 0)};
    }
}

/// Reads a table's rows.
template <class T>
struct TableReader {
    using Type = T;
    void operator()(const Row& row, T& out) const { read_object(table_of<T>(), row, &out); }
};

/// Reads what was selected.
template <class Into>
struct StepReader {
    using Type = Into;
    std::vector<Step> steps;

    void operator()(const Row& row, Into& out) const {
        if constexpr (TupleLike<Into>) {
            [&]<std::size_t... I>(std::index_sequence<I...>) {
                (decode(steps[I].coding, row, I, &std::get<I>(out)), ...);
            }(std::make_index_sequence<std::tuple_size_v<Into>>{});
        } else {
            for (const Step& step : steps) {
                decode(step.coding, row, step.column,
                       reinterpret_cast<std::byte*>(&out) + step.offset);
            }
        }
    }
};

template <class R>
struct AllRows {
    R read;
    std::vector<typename R::Type> rows = {};

    void operator()(const Row& row) {
        auto value = typename R::Type();
        read(row, value);
        rows.push_back(std::move(value));
    }
    std::vector<typename R::Type> take() { return std::move(rows); }
};

template <class R>
struct FirstRow {
    R read;
    std::optional<typename R::Type> found = {};

    void operator()(const Row& row) {
        if (!found) read(row, found.emplace());
    }
    std::optional<typename R::Type> take() { return std::move(found); }
};

[[noreturn]] void refuse_row_count(std::string_view table, bool none);

template <class R>
struct OneRow {
    R read;
    const TableInfo* table;
    std::optional<typename R::Type> found = {};
    bool more = false;

    void operator()(const Row& row) {
        more = found.has_value();
        if (!more) read(row, found.emplace());
    }
    typename R::Type take() {
        if (!found || more) refuse_row_count(table->name, !found);
        return *std::move(found);
    }
};

}  // namespace portico::db::detail
