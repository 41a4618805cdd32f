#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "guard/detection/automaton.hpp"

namespace portico::guard::detail {

/// What a text would do to the statement that it is put into.
enum class SqlShape : std::uint8_t {
    none,
    tautology,     ///< or 1=1, and exists(…), = '' : a condition of its own.
    comment,       ///< Cuts off the rest of the statement: admin'--
    stacked,       ///< Begins another statement: ; drop table …
    union_select,  ///< Adds rows: union select … from …
    clause,        ///< Adds a clause: order by 5--, into outfile …
    subquery,      ///< Computes with a query or a function: '||(select …), 1-sleep(5)
    hint,          ///< Some of it: a quote and an operator, "or" between numbers.
};

/// The shape of `after` where a quote that ends the statement's own text stands between `before`
/// and it.
[[nodiscard]] SqlShape sql_after_quote(std::string_view before, std::string_view after,
                                       Budget& budget) noexcept;

/// The shape of a text that stands where the statement has a number.
[[nodiscard]] SqlShape sql_from_start(std::string_view text, Budget& budget) noexcept;

/// `text` begins with a word that joins queries: is it an injected "union select"? `before` is what
/// the value holds in front of it.
[[nodiscard]] SqlShape sql_union(std::string_view before, std::string_view text,
                                 Budget& budget) noexcept;

/// `text` begins with a semicolon: is it followed by a statement? `before` as above.
[[nodiscard]] SqlShape sql_stacked(std::string_view before, std::string_view text,
                                   Budget& budget) noexcept;

}  // namespace portico::guard::detail
