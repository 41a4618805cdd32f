#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>

#include "portico/db/argument.hpp"
#include "portico/db/detail/table_info.hpp"
#include "portico/db/value.hpp"

namespace portico::db::detail {

[[nodiscard]] std::int64_t read_integer(const Row& row, std::int64_t least, std::int64_t most);
[[nodiscard]] double read_real(const Row& row);
void read_text(const Row& row, std::string& out);

template <class T>
concept HasMembers =
    std::is_class_v<T> && (std::is_aggregate_v<T> || model::detail::ListsFields<T>);

/// A struct from the columns of its members' names; anything else from the first column. Throws
/// `Error` when a value does not fit.
template <class T>
void read_row(const Row& row, T& out) {
    if constexpr (IsOptional<T>::value) {
        if (row[0].kind == Value::Kind::null) return out.reset();
        read_row(row, out.emplace());
    } else if constexpr (std::same_as<T, bool>) {
        out = read_integer(row, 0, 1) != 0;
    } else if constexpr (std::integral<T>) {
        using Limits = std::numeric_limits<T>;
        static_assert(sizeof(T) < 8 || std::is_signed_v<T>,
                      "a database has no unsigned 64-bit integers: use std::int64_t");
        out = static_cast<T>(read_integer(row, Limits::min(), Limits::max()));
    } else if constexpr (std::floating_point<T>) {
        out = static_cast<T>(read_real(row));
    } else if constexpr (std::same_as<T, std::string>) {
        read_text(row, out);
    } else if constexpr (HasMembers<T>) {
        read_members(model::slot_of<T>(), row, &out);
    } else {
        decode(coding_of(model::slot_of<T>(), row.name(0)), row, 0, &out);
    }
}

}  // namespace portico::db::detail
