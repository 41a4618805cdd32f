#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "guard/detection/automaton.hpp"
#include "guard/detection/sql.hpp"

namespace portico::guard::detail {

/// A scanner that must agree before a pattern counts, and the shape that it must see.
struct Confirmation {
    enum class Scanner : std::uint8_t {
        none,
        sql_quote,      ///< The text behind the first quote of its kind.
        sql_start,      ///< The text from its start, as behind a number.
        sql_union,      ///< From a "union" on.
        sql_stacked,    ///< From a semicolon on.
        first_quote,    ///< The pattern begins at the first quote of its kind.
        shell_command,  ///< A command for a shell, from what ends the one in front.
        command_line,   ///< The text is a command line.
        event_handler,  ///< An attribute of a tag, or behind a quote that ends another attribute.
    };
    Scanner scanner = Scanner::none;
    SqlShape shape = SqlShape::none;
};

/// "sql-quote tautology", "event-handler" and so on.
[[nodiscard]] std::optional<Confirmation> confirmation_of(std::string_view words) noexcept;

/// Asks the scanners about one text, and remembers what they said of a place.
class Confirmer {
public:
    explicit Confirmer(std::string_view text) noexcept : text_(text) {}

    /// A pattern matched at byte `at`: is it what it seems?
    [[nodiscard]] bool confirms(const Confirmation& asked, std::size_t at, Budget& budget);

private:
    [[nodiscard]] SqlShape shape_at(Confirmation::Scanner scanner, std::size_t at, Budget& budget);
    [[nodiscard]] SqlShape after_quote(std::size_t at, Budget& budget) const;
    [[nodiscard]] bool is_first_quote(std::size_t at, Budget& budget) const;
    [[nodiscard]] bool is_event_handler(std::size_t at, Budget& budget) const;

    std::string_view text_;
    Confirmation::Scanner last_ = Confirmation::Scanner::none;
    std::size_t last_at_ = 0;
    SqlShape last_shape_ = SqlShape::none;
};

}  // namespace portico::guard::detail
