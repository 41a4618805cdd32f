#include "guard/detection/confirm.hpp"

#include <array>

#include "guard/detection/bytes.hpp"
#include "guard/detection/shell.hpp"

namespace portico::guard::detail {
namespace {

using Scanner = Confirmation::Scanner;

struct Name {
    std::string_view words;
    Confirmation confirmation;
};

constexpr auto kNames = std::to_array<Name>({
    {"sql-quote tautology", {Scanner::sql_quote, SqlShape::tautology}},
    {"sql-quote comment", {Scanner::sql_quote, SqlShape::comment}},
    {"sql-quote stacked", {Scanner::sql_quote, SqlShape::stacked}},
    {"sql-quote union", {Scanner::sql_quote, SqlShape::union_select}},
    {"sql-quote clause", {Scanner::sql_quote, SqlShape::clause}},
    {"sql-quote subquery", {Scanner::sql_quote, SqlShape::subquery}},
    {"sql-quote hint", {Scanner::sql_quote, SqlShape::hint}},
    {"sql-start tautology", {Scanner::sql_start, SqlShape::tautology}},
    {"sql-start stacked", {Scanner::sql_start, SqlShape::stacked}},
    {"sql-start union", {Scanner::sql_start, SqlShape::union_select}},
    {"sql-start clause", {Scanner::sql_start, SqlShape::clause}},
    {"sql-start subquery", {Scanner::sql_start, SqlShape::subquery}},
    {"sql-start hint", {Scanner::sql_start, SqlShape::hint}},
    {"sql-union union", {Scanner::sql_union, SqlShape::union_select}},
    {"sql-union hint", {Scanner::sql_union, SqlShape::hint}},
    {"sql-stacked stacked", {Scanner::sql_stacked, SqlShape::stacked}},
    {"sql-stacked hint", {Scanner::sql_stacked, SqlShape::hint}},
    {"first-quote", {Scanner::first_quote, SqlShape::none}},
    {"shell-command", {Scanner::shell_command, SqlShape::none}},
    {"command-line", {Scanner::command_line, SqlShape::none}},
    {"event-handler", {Scanner::event_handler, SqlShape::none}},
});

}  // namespace

std::optional<Confirmation> confirmation_of(std::string_view words) noexcept {
    for (const Name& known : kNames) {
        if (known.words == words) return known.confirmation;
    }
    return std::nullopt;
}

bool Confirmer::confirms(const Confirmation& asked, std::size_t at, Budget& budget) {
    if (asked.scanner == Scanner::none) return true;
    if (asked.scanner == Scanner::first_quote) return is_first_quote(at, budget);
    if (asked.scanner == Scanner::shell_command) return is_shell_command(text_.substr(at), budget);
    if (asked.scanner == Scanner::command_line) return is_command_line(text_, budget);
    if (asked.scanner == Scanner::event_handler) return is_event_handler(at, budget);
    if (asked.scanner != last_ || at != last_at_) {
        last_shape_ = shape_at(asked.scanner, at, budget);
        last_ = asked.scanner;
        last_at_ = at;
    }
    return last_shape_ == asked.shape;
}

SqlShape Confirmer::shape_at(Scanner scanner, std::size_t at, Budget& budget) {
    switch (scanner) {
        case Scanner::sql_quote:
            return after_quote(at, budget);
        case Scanner::sql_start:
            return sql_from_start(text_, budget);
        case Scanner::sql_union:
            return sql_union(text_.substr(0, at), text_.substr(at), budget);
        case Scanner::sql_stacked:
            return sql_stacked(text_.substr(0, at), text_.substr(at), budget);
        default:
            return SqlShape::none;
    }
}

SqlShape Confirmer::after_quote(std::size_t at, Budget& budget) const {
    const char quote = text_[at];
    const std::string_view before = text_.substr(0, at);
    // Only the first one ends what the statement put around the value.
    if (!budget.take(at / 8) || before.find(quote) != std::string_view::npos) return SqlShape::none;
    std::size_t end = at;
    while (end < text_.size() && text_[end] == quote) ++end;
    // An even number of them is a text of its own: '' or '1'='1', as in somebody's example.
    if ((end - at) % 2 == 0 && before.find_first_not_of(" \t(") != std::string_view::npos) {
        return SqlShape::none;
    }
    return sql_after_quote(before, text_.substr(end), budget);
}

bool Confirmer::is_first_quote(std::size_t at, Budget& budget) const {
    const std::size_t quote = text_.find_first_of("'\"`", at);
    return quote != std::string_view::npos && budget.take(quote / 8) &&
           text_.substr(0, quote).find(text_[quote]) == std::string_view::npos;
}

bool Confirmer::is_event_handler(std::size_t at, Budget& budget) const {
    if (!budget.take(at / 8)) return false;
    const std::string_view before = text_.substr(0, at);
    const std::size_t tag = before.rfind('<');
    if (tag != std::string_view::npos && tag + 1 < text_.size()) {
        const char first = text_[tag + 1];
        const bool opens = is_letter(first) || first == '/' || first == '!' || first == '?' ||
                           static_cast<unsigned char>(first) >= 0x80;
        const std::size_t closed = before.find('>', tag);
        // A ">" in quotes does not close the tag.
        const bool within =
            closed == std::string_view::npos ||
            before.substr(tag, closed - tag).find_first_of("\"'`") != std::string_view::npos;
        if (opens && within) return true;
    }
    // " onfocus=… : the value ends the attribute that it stands in.
    const std::size_t quote = text_.find_first_of("\"'`");
    return quote != std::string_view::npos && quote <= at && at - quote <= 64 &&
           before.find('=', quote) == std::string_view::npos;
}

}  // namespace portico::guard::detail
