#include "guard/detection/sql.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "guard/detection/sql_tokens.hpp"
#include "guard/detection/sql_words.hpp"

namespace portico::guard::detail {
namespace {

bool is_value(Sql kind) {
    return kind == Sql::number || kind == Sql::text || kind == Sql::open_text ||
           kind == Sql::literal || kind == Sql::variable;
}

bool ends(Sql kind) {
    return kind == Sql::end || kind == Sql::comment || kind == Sql::semicolon;
}

struct Operand {
    enum class Kind : std::uint8_t { none, value, name, call, known_call, query } kind = {};
    std::size_t next = 0;  ///< The token after it.
    bool open = false;     ///< It ends with a text whose quote is missing: the end of the value.
};

/// Reads one operand at token `i`, with its signs and parentheses; arithmetic belongs to it.
Operand operand(const SqlTokens& t, std::size_t i) {
    Operand out;
    for (;;) {
        while (t.kind(i) == Sql::open || t.kind(i) == Sql::negation || t.kind(i) == Sql::arith ||
               (t.kind(i) == Sql::filler && t.is(i, "binary"))) {
            ++i;
        }
        auto kind = Operand::Kind::none;
        const Sql is = t.kind(i);
        if (is_value(is)) {
            kind = Operand::Kind::value;
            out.open = is == Sql::open_text;
            ++i;
        } else if (is == Sql::select || (is == Sql::conditional && !t.is(i, "if"))) {
            kind = Operand::Kind::query;
            ++i;
        } else if (is == Sql::name || is == Sql::conditional || is == Sql::statement) {
            kind = Operand::Kind::name;
            const bool known = is_sql_function(t[i].text);
            ++i;
            while (t.kind(i) == Sql::dot && t.kind(i + 1) == Sql::name) i += 2;
            if (t.kind(i) == Sql::open) {
                kind = known ? Operand::Kind::known_call : Operand::Kind::call;
                int depth = 0;
                do {
                    if (t.kind(i) == Sql::open) ++depth;
                    if (t.kind(i) == Sql::close) --depth;
                    ++i;
                } while (depth > 0 && t.kind(i) != Sql::end);
            }
        }
        out.kind = std::max(out.kind, kind);
        if (kind == Operand::Kind::none) break;
        while (t.kind(i) == Sql::close) ++i;
        if (t.kind(i) != Sql::arith) break;
        ++i;
    }
    out.next = i;
    return out;
}

bool is_compare_sign(const SqlToken& token) {
    return token.kind == Sql::compare && !is_letter(static_cast<unsigned char>(token.text.front()));
}

/// A list of columns at token `i`, as it follows "select".
bool select_list(const SqlTokens& t, std::size_t i) {
    while (t.kind(i) == Sql::filler) ++i;
    switch (t.kind(i)) {
        case Sql::number:
        case Sql::text:
        case Sql::open_text:
        case Sql::literal:
        case Sql::variable:
        case Sql::open:
        case Sql::conditional:
        case Sql::comment:
        case Sql::negation:
            return true;
        case Sql::arith:
            return true;  // the star
        case Sql::name:
        case Sql::statement:
        case Sql::clause: {
            const Sql then = t.kind(i + 1);
            return then == Sql::comma || then == Sql::from || then == Sql::open ||
                   then == Sql::dot || then == Sql::comment || then == Sql::logic ||
                   then == Sql::semicolon;
        }
        default:
            return false;
    }
}

/// At "union": 2 for what is surely an injection, 1 for the bare words.
int union_at(const SqlTokens& t, std::size_t i) {
    const bool is_union = t.is(i, "union");
    ++i;
    bool parenthesis = false;
    while (t.kind(i) == Sql::filler || t.kind(i) == Sql::open) {
        parenthesis |= t.kind(i) == Sql::open;
        ++i;
    }
    if (t.kind(i) == Sql::name && t.is(i, "values") && t.kind(i + 1) == Sql::open) return 2;
    if (t.kind(i) != Sql::select) return 0;
    if (select_list(t, i + 1) || (is_union && parenthesis)) return 2;
    return t.kind(i + 1) == Sql::end && is_union ? 1 : 0;
}

bool statement_at(const SqlTokens& t, std::size_t i) {
    while (t.kind(i) == Sql::semicolon || t.kind(i) == Sql::open) ++i;
    if (t.kind(i) == Sql::select) return select_list(t, i + 1);
    if (t.kind(i) != Sql::statement) return false;
    const SqlToken& next = t[i + 1];
    const Sql then = t.kind(i + 2);
    if (t.is(i, "drop") || t.is(i, "alter") || t.is(i, "create")) {
        return is_sql_object(next.text) || (next.kind == Sql::logic && t.is(i + 2, "replace"));
    }
    if (t.is(i, "delete")) return next.kind == Sql::from && then == Sql::name;
    if (t.is(i, "insert") || t.is(i, "replace") || t.is(i, "merge")) {
        return t.is(i + 1, "into") && then == Sql::name;
    }
    if (t.is(i, "update")) {
        for (std::size_t k = i + 1; k < i + 6; ++k) {
            if (t.is(k, "set")) return t.kind(k + 2) == Sql::compare || t.kind(k + 2) == Sql::dot;
        }
        return false;
    }
    if (t.is(i, "exec") || t.is(i, "execute")) {
        return next.kind == Sql::open || next.kind == Sql::variable || next.kind == Sql::text ||
               t.is(i + 1, "immediate") || then == Sql::dot ||
               (next.text.size() > 3 && (equal_folded(next.text.substr(0, 3), "xp_") ||
                                         equal_folded(next.text.substr(0, 3), "sp_")));
    }
    if (t.is(i, "declare")) return next.kind == Sql::variable || then == Sql::name;
    if (t.is(i, "waitfor")) return t.is(i + 1, "delay") || t.is(i + 1, "time");
    if (t.is(i, "shutdown")) return ends(next.kind) || t.is(i + 1, "with");
    if (t.is(i, "truncate")) return t.is(i + 1, "table") || ends(then);
    if (t.is(i, "set")) return next.kind == Sql::variable;
    if (t.is(i, "copy")) return next.kind == Sql::open || then == Sql::from || t.is(i + 2, "to");
    if (t.is(i, "load")) return t.is(i + 1, "data") || t.is(i + 1, "file");
    if (t.is(i, "attach")) return t.is(i + 1, "database");
    if (t.is(i, "rename")) return t.is(i + 1, "table");
    if (t.is(i, "call")) return then == Sql::open || then == Sql::dot;
    if (t.is(i, "handler")) return t.is(i + 2, "open");
    if (t.is(i, "grant")) return t.is(i + 1, "all") || t.is(i + 2, "on") || t.is(i + 2, "to");
    if (t.is(i, "vacuum")) return t.is(i + 1, "into");
    return false;
}

/// At a word such as "order": is it a clause that is put behind a value?
SqlShape clause_at(const SqlTokens& t, std::size_t i) {
    if ((t.is(i, "order") || t.is(i, "group")) && t.is(i + 1, "by")) {
        const Operand by = operand(t, i + 2);
        if (by.kind == Operand::Kind::none) return SqlShape::none;
        const Sql then = t.kind(by.next);
        if (then == Sql::comment || then == Sql::clause || by.kind == Operand::Kind::query) {
            return SqlShape::clause;
        }
        if (by.kind == Operand::Kind::value && (then == Sql::end || then == Sql::comma)) {
            return SqlShape::clause;
        }
        return SqlShape::none;
    }
    if (t.is(i, "having") || t.is(i, "where") || t.is(i, "when")) {
        const Operand left = operand(t, i + 1);
        if (left.kind == Operand::Kind::none) return SqlShape::none;
        return t.kind(left.next) == Sql::compare || left.kind >= Operand::Kind::known_call
                   ? SqlShape::clause
                   : SqlShape::none;
    }
    if (t.is(i, "limit")) {
        if (t.kind(i + 1) != Sql::number) return SqlShape::none;
        const Sql then = t.kind(i + 2);
        const bool more = then == Sql::comment || then == Sql::clause || then == Sql::union_ ||
                          (then == Sql::comma && t.kind(i + 3) == Sql::number);
        return more ? SqlShape::clause : SqlShape::none;
    }
    if (t.is(i, "into")) {
        const bool out =
            t.is(i + 1, "outfile") || t.is(i + 1, "dumpfile") || t.kind(i + 1) == Sql::variable;
        return out ? SqlShape::clause : SqlShape::none;
    }
    if (t.is(i, "procedure") && t.is(i + 1, "analyse")) return SqlShape::clause;
    return SqlShape::none;
}

/// Behind "or" or "and", at token `i`. `quoted`: a quote has ended the statement's own text, so
/// that less is needed.
SqlShape condition_at(const SqlTokens& t, std::size_t i, bool quoted) {
    const Operand left = operand(t, i);
    if (left.kind == Operand::Kind::none) {
        if (t.kind(i) == Sql::clause) return clause_at(t, i);
        return SqlShape::none;
    }
    if (left.kind == Operand::Kind::query) return SqlShape::tautology;
    if (left.kind == Operand::Kind::known_call) return SqlShape::tautology;
    std::size_t next = left.next;
    if (t.kind(next) == Sql::negation) ++next;  // not like, not in
    if (t.kind(next) == Sql::compare) {
        if (t.is(next, "is") && left.kind == Operand::Kind::name) {
            ++next;
            if (t.kind(next) == Sql::negation) ++next;
            if (t.kind(next) != Sql::literal) return SqlShape::none;
            return quoted || ends(t.kind(next + 1)) ? SqlShape::tautology : SqlShape::hint;
        }
        const bool sign = is_compare_sign(t[next]);
        const Operand right = operand(t, next + 1);
        if (right.kind == Operand::Kind::none) {
            // A value that goes on behind the injection: ' or name = '
            return quoted && sign && t.kind(next + 1) == Sql::end ? SqlShape::tautology
                                                                  : SqlShape::none;
        }
        if (right.kind >= Operand::Kind::known_call) return SqlShape::tautology;
        const bool values = left.kind == Operand::Kind::value || right.kind == Operand::Kind::value;
        if (quoted) return sign || values ? SqlShape::tautology : SqlShape::hint;
        if (left.kind == Operand::Kind::value && right.kind == Operand::Kind::value) {
            return SqlShape::tautology;
        }
        return values && sign && ends(t.kind(right.next)) ? SqlShape::tautology : SqlShape::hint;
    }
    const Sql then = t.kind(left.next);
    if (then == Sql::union_)
        return union_at(t, left.next) > 0 ? SqlShape::union_select : SqlShape::none;
    if (left.kind == Operand::Kind::value || left.kind == Operand::Kind::call) {
        if (then == Sql::comment) return SqlShape::tautology;
        if (then == Sql::semicolon && statement_at(t, left.next)) return SqlShape::stacked;
        if (then == Sql::clause) return clause_at(t, left.next);
        if (then == Sql::logic) return condition_at(t, left.next + 1, quoted);
        if (quoted && then == Sql::end && t.kind(i) != Sql::open_text) return SqlShape::tautology;
        return quoted ? SqlShape::hint : SqlShape::none;
    }
    if (then == Sql::comment && quoted) return SqlShape::tautology;
    return SqlShape::none;
}

/// Behind + - * / and the like.
SqlShape computed_at(const SqlTokens& t, std::size_t i, bool quoted) {
    const Operand by = operand(t, i);
    if (by.kind >= Operand::Kind::known_call) return SqlShape::subquery;
    if (by.kind != Operand::Kind::value || !quoted) return SqlShape::none;
    const Sql then = t.kind(by.next);
    if (then == Sql::comment || then == Sql::logic || then == Sql::compare) {
        return SqlShape::tautology;
    }
    return SqlShape::hint;
}

/// A single word, or nothing: what stands in front of the quote of admin'--
bool is_word_only(std::string_view before) {
    return before.size() <= 64 && before.find(' ') == std::string_view::npos;
}

/// The quote behind `before` opens a text of somebody's program or prose, rather than end one.
bool opens_text(std::string_view before) {
    const std::size_t last = before.find_last_not_of(" \t\r\n");
    if (last == std::string_view::npos) return false;
    if (std::string_view("([{,=:+<>&|!?").find(before[last]) != std::string_view::npos) return true;
    return last + 1 < before.size() && std::ranges::count(before.substr(0, last), ' ') > 1;
}

SqlShape comment_shape(const SqlTokens& t, std::size_t i, std::string_view before) {
    const std::string_view comment = t[i].text;
    if (!is_word_only(before) || opens_text(before)) return SqlShape::hint;
    // 7" #2 needles
    if (comment.starts_with('#') && comment.size() > 1 && is_word(comment[1]))
        return SqlShape::none;
    // Prose after a dash says more than a few words.
    if (std::ranges::count(comment, ' ') > 4) return SqlShape::hint;
    return SqlShape::comment;
}

/// Values and parentheses up to a comment, as behind the quote of x', 1, 2)--
bool closes_list(const SqlTokens& t, std::size_t i) {
    bool closed = false;
    for (;; ++i) {
        switch (t.kind(i)) {
            case Sql::comma:
            case Sql::open:
            case Sql::dot:
                break;
            case Sql::close:
                closed = true;
                break;
            case Sql::comment:
                return closed;
            case Sql::select:
                return true;
            case Sql::name:
                if (t.kind(i + 1) == Sql::name) return false;
                break;
            default:
                if (!is_value(t.kind(i))) return false;
        }
    }
}

SqlShape shape_at(const SqlTokens& t, std::size_t i, std::string_view before, bool quoted) {
    while (t.kind(i) == Sql::close) ++i;
    switch (t.kind(i)) {
        case Sql::comment: {
            const SqlShape behind = shape_at(t, i + 1, before, quoted);
            if (behind != SqlShape::none) return behind;
            return quoted ? comment_shape(t, i, before) : SqlShape::hint;
        }
        case Sql::semicolon:
            if (statement_at(t, i + 1)) return SqlShape::stacked;
            return quoted && t.kind(i + 1) == Sql::comment ? comment_shape(t, i + 1, before)
                                                           : SqlShape::none;
        case Sql::logic: {
            const SqlShape shape = condition_at(t, i + 1, quoted);
            // || joins texts too.
            return shape == SqlShape::tautology && t.is(i, "||") && t.kind(i + 1) == Sql::open_text
                       ? SqlShape::hint
                       : shape;
        }
        case Sql::negation:
            if (t.kind(i + 1) != Sql::compare) return SqlShape::none;
            ++i;
            [[fallthrough]];
        case Sql::compare: {
            const Operand right = operand(t, i + 1);
            if (right.kind >= Operand::Kind::known_call) return SqlShape::subquery;
            if (!quoted || right.kind != Operand::Kind::value) return SqlShape::none;
            if (opens_text(before)) return SqlShape::hint;
            const Sql then = t.kind(right.next);
            if (then == Sql::comment || then == Sql::logic) return SqlShape::tautology;
            // "like" in quotes is a word.
            const SqlToken& last = t[right.next - 1];
            const bool text =
                last.kind != Sql::number && (last.text.size() > 1 || is_compare_sign(t[i]));
            const bool word = !is_compare_sign(t[i]) && before.empty() &&
                              last.text.find(' ') != std::string_view::npos;
            return text && !word && then == Sql::end ? SqlShape::tautology : SqlShape::hint;
        }
        case Sql::arith:
            if (quoted && opens_text(before)) return SqlShape::none;
            return computed_at(t, i + 1, quoted);
        case Sql::union_: {
            const int sure = union_at(t, i);
            if (sure == 2 || (sure == 1 && quoted)) return SqlShape::union_select;
            return sure == 1 ? SqlShape::hint : SqlShape::none;
        }
        case Sql::clause:
            return clause_at(t, i);
        case Sql::comma:
            return quoted && closes_list(t, i) ? SqlShape::comment : SqlShape::none;
        default:
            return SqlShape::none;
    }
}

/// Text that is itself SQL, from its first word on, is somebody's example or tool, not an
/// injection.
bool is_script(std::string_view before) {
    const SqlTokens t(before.substr(0, 64));
    return t.kind(0) == Sql::select || t.kind(0) == Sql::statement || t.kind(0) == Sql::comment ||
           (t.kind(0) == Sql::name && (t.is(0, "with") || t.is(0, "explain")));
}

bool has_word(std::string_view text, std::string_view word) {
    const auto at = std::ranges::search(text, word, {}, lower);
    return !at.empty();
}

}  // namespace

SqlShape sql_after_quote(std::string_view before, std::string_view after, Budget& budget) noexcept {
    const SqlTokens tokens(after);
    if (!budget.take(tokens.read())) return SqlShape::none;
    return shape_at(tokens, 0, before, true);
}

SqlShape sql_from_start(std::string_view text, Budget& budget) noexcept {
    const SqlTokens t(text);
    if (!budget.take(t.read())) return SqlShape::none;
    if (t.kind(0) == Sql::open && t.kind(1) == Sql::select) {
        return select_list(t, 2) ? SqlShape::subquery : SqlShape::none;
    }
    const Operand head = operand(t, 0);
    switch (head.kind) {
        case Operand::Kind::value:
            if (head.open) return SqlShape::none;
            // 'x'='x : the statement's own quote is to be the last.
            if (t.kind(0) == Sql::text && is_compare_sign(t[1]) && t.kind(2) == Sql::open_text) {
                return SqlShape::tautology;
            }
            return shape_at(t, head.next, {}, false);
        case Operand::Kind::name:
            // admin or 1=1, but not prose: a single word, and values on both sides.
            if (head.next == 1 && t.kind(1) == Sql::logic && t.size() <= 8 && is_value(t.kind(2)) &&
                is_compare_sign(t[3]) && is_value(t.kind(4))) {
                return SqlShape::tautology;
            }
            return SqlShape::none;
        case Operand::Kind::query:
            return is_value(t.kind(0)) ? SqlShape::subquery : SqlShape::none;
        case Operand::Kind::known_call:
            if (is_value(t.kind(0))) return SqlShape::subquery;
            return t.kind(head.next) == Sql::logic && is_value(t.kind(head.next + 1))
                       ? condition_at(t, head.next + 1, false)
                       : SqlShape::none;
        default:
            return SqlShape::none;
    }
}

SqlShape sql_union(std::string_view before, std::string_view text, Budget& budget) noexcept {
    const SqlTokens tokens(text);
    if (!budget.take(tokens.read() + before.size())) return SqlShape::none;
    const int sure = union_at(tokens, 0);
    if (sure == 0) return SqlShape::none;
    return sure == 2 && !has_word(before, "select") ? SqlShape::union_select : SqlShape::hint;
}

SqlShape sql_stacked(std::string_view before, std::string_view text, Budget& budget) noexcept {
    const SqlTokens tokens(text);
    if (!budget.take(tokens.read())) return SqlShape::none;
    if (!statement_at(tokens, 1)) return SqlShape::none;
    // A line of a script or of a program; what injects behind a quote or a number is seen there.
    const std::string_view gap = text.substr(0, text.find_first_not_of(" \t\r\n;("));
    const bool lines =
        (before.find('\n') != std::string_view::npos) || (gap.find('\n') != std::string_view::npos);
    if (lines || is_script(before)) return SqlShape::hint;
    const char last = before.empty() ? '\'' : before.back();
    const bool breaks = last == '\'' || last == '"' || last == ')' || before.size() <= 64;
    return breaks ? SqlShape::stacked : SqlShape::hint;
}

}  // namespace portico::guard::detail
