#include "guard/detection/sql_tokens.hpp"

#include <algorithm>

#include "guard/detection/bytes.hpp"

namespace portico::guard::detail {
namespace {

struct Keyword {
    std::string_view word;
    Sql kind;
};

// Sorted. Words that prose uses as SQL does (by, in, like) count only where a value stands.
constexpr auto kKeywords = std::to_array<Keyword>({
    {"all", Sql::filler},         {"alter", Sql::statement},   {"and", Sql::logic},
    {"as", Sql::filler},          {"asc", Sql::filler},        {"attach", Sql::statement},
    {"begin", Sql::statement},    {"between", Sql::compare},   {"binary", Sql::filler},
    {"by", Sql::filler},          {"call", Sql::statement},    {"case", Sql::conditional},
    {"copy", Sql::statement},     {"create", Sql::statement},  {"declare", Sql::statement},
    {"delete", Sql::statement},   {"desc", Sql::filler},       {"distinct", Sql::filler},
    {"distinctrow", Sql::filler}, {"div", Sql::arith},         {"drop", Sql::statement},
    {"except", Sql::union_},      {"exec", Sql::statement},    {"execute", Sql::statement},
    {"exists", Sql::conditional}, {"false", Sql::literal},     {"for", Sql::clause},
    {"from", Sql::from},          {"glob", Sql::compare},      {"grant", Sql::statement},
    {"group", Sql::clause},       {"handler", Sql::statement}, {"having", Sql::clause},
    {"if", Sql::conditional},     {"ilike", Sql::compare},     {"in", Sql::compare},
    {"insert", Sql::statement},   {"intersect", Sql::union_},  {"into", Sql::clause},
    {"is", Sql::compare},         {"isnull", Sql::compare},    {"like", Sql::compare},
    {"limit", Sql::clause},       {"load", Sql::statement},    {"match", Sql::compare},
    {"merge", Sql::statement},    {"minus", Sql::union_},      {"mod", Sql::arith},
    {"not", Sql::negation},       {"notnull", Sql::compare},   {"null", Sql::literal},
    {"offset", Sql::clause},      {"or", Sql::logic},          {"order", Sql::clause},
    {"procedure", Sql::clause},   {"regexp", Sql::compare},    {"rename", Sql::statement},
    {"replace", Sql::statement},  {"returning", Sql::clause},  {"rlike", Sql::compare},
    {"select", Sql::select},      {"set", Sql::statement},     {"shutdown", Sql::statement},
    {"similar", Sql::compare},    {"sounds", Sql::compare},    {"true", Sql::literal},
    {"truncate", Sql::statement}, {"union", Sql::union_},      {"update", Sql::statement},
    {"use", Sql::statement},      {"vacuum", Sql::statement},  {"waitfor", Sql::statement},
    {"when", Sql::clause},        {"where", Sql::clause},      {"xor", Sql::logic},
});
static_assert(std::ranges::is_sorted(kKeywords, {}, &Keyword::word));

bool starts_word(int c) {
    return is_letter(c) || c == '_' || c >= 0x80;
}

}  // namespace

Sql sql_word(std::string_view word) noexcept {
    std::array<char, 12> folded;
    if (word.size() > folded.size()) return Sql::name;
    std::ranges::transform(word, folded.begin(), lower);
    const std::string_view key(folded.data(), word.size());
    const auto at = std::ranges::lower_bound(kKeywords, key, {}, &Keyword::word);
    return at != kKeywords.end() && at->word == key ? at->kind : Sql::name;
}

bool SqlTokens::is(std::size_t i, std::string_view lower_case) const noexcept {
    return equal_folded((*this)[i].text, lower_case);
}

SqlTokens::SqlTokens(std::string_view text) noexcept : text_(text) {
    while (count_ < kMax && skip_blank()) {
        const auto c = static_cast<unsigned char>(text_[at_]);
        if (c == '\'' || c == '"' || c == '`') {
            read_quoted(static_cast<char>(c));
        } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
            read_number();
        } else if (starts_word(c)) {
            read_word();
        } else {
            read_sign();
        }
    }
}

void SqlTokens::add(Sql kind, std::size_t size) noexcept {
    size = std::min(size, text_.size() - at_);
    tokens_[count_++] = {kind, text_.substr(at_, size)};
    at_ += size;
}

/// False at the end of the text.
bool SqlTokens::skip_blank() noexcept {
    while (at_ < text_.size()) {
        const auto c = static_cast<unsigned char>(text_[at_]);
        if (is_space(c) || is_dropped(c)) {
            ++at_;
        } else if (c == '/' && peek(1) == '*') {
            if (peek(2) == '!') {
                at_ += 3;
                while (is_digit(peek())) ++at_;
                continue;
            }
            const std::size_t end = text_.find("*/", at_ + 2);
            if (end == std::string_view::npos) return true;
            at_ = end + 2;
        } else if (c == '*' && peek(1) == '/') {
            at_ += 2;
        } else {
            return true;
        }
    }
    return false;
}

void SqlTokens::read_quoted(char quote) noexcept {
    std::size_t end = at_ + 1;
    for (;; ++end) {
        if (end >= text_.size()) {
            add(quote == '`' ? Sql::other : Sql::open_text, end - at_);
            return;
        }
        if (text_[end] == '\\') {
            ++end;
        } else if (text_[end] == quote) {
            if (end + 1 >= text_.size() || text_[end + 1] != quote) break;
            ++end;  // doubled: a quote in the text
        }
    }
    add(quote == '`' ? Sql::name : Sql::text, end + 1 - at_);
}

void SqlTokens::read_number() noexcept {
    std::size_t end = 0;
    if (peek() == '0' && lower(peek(1)) == 'x') {
        end = 2;
        while (hex_value(peek(end)) >= 0) ++end;
    } else {
        while (is_digit(peek(end)) || peek(end) == '.') ++end;
        const std::size_t sign = peek(end + 1) == '-' || peek(end + 1) == '+' ? 2 : 1;
        if (lower(peek(end)) == 'e' && is_digit(peek(end + sign))) {
            end += sign;
            while (is_digit(peek(end))) ++end;
        }
    }
    add(Sql::number, end);
}

void SqlTokens::read_word() noexcept {
    std::size_t end = 1;
    while (end + at_ < text_.size()) {
        const auto c = static_cast<unsigned char>(text_[at_ + end]);
        if (!is_word(c) && c < 0x80 && c != '$') break;
        ++end;
    }
    add(sql_word(text_.substr(at_, end)), end);
}

void SqlTokens::read_sign() noexcept {
    const char c = peek();
    const char next = peek(1);
    switch (c) {
        case '(':
            return add(Sql::open, 1);
        case ')':
            return add(Sql::close, 1);
        case ',':
            return add(Sql::comma, 1);
        case '.':
            return add(Sql::dot, 1);
        case ';':
            return add(Sql::semicolon, 1);
        case '@': {
            std::size_t end = 1;
            while (peek(end) == '@') ++end;
            while (is_word(peek(end))) ++end;
            return add(end > 1 ? Sql::variable : Sql::other, end);
        }
        case '#':
            break;
        case '-':
            if (next != '-') return add(Sql::arith, 1);
            break;
        case '/':
            if (next == '*') return add(Sql::comment, text_.size() - at_);  // never closed
            return add(Sql::arith, 1);
        case '|':
            return next == '|' ? add(Sql::logic, 2) : add(Sql::arith, 1);
        case '&':
            return next == '&' ? add(Sql::logic, 2) : add(Sql::arith, 1);
        case '=':
            return add(Sql::compare, next == '=' ? 2 : 1);
        case '<':
            if (next == '<') return add(Sql::arith, 2);
            if (next == '=' && peek(2) == '>') return add(Sql::compare, 3);
            return add(Sql::compare, next == '>' || next == '=' ? 2 : 1);
        case '>':
            if (next == '>') return add(Sql::arith, 2);
            return add(Sql::compare, next == '=' ? 2 : 1);
        case '!':
            if (next == '=' || next == '<' || next == '>') return add(Sql::compare, 2);
            return add(Sql::negation, 1);
        case '~':
            return add(next == '*' ? Sql::compare : Sql::arith, next == '*' ? 2 : 1);
        case '+':
        case '*':
        case '%':
        case '^':
            return add(Sql::arith, 1);
        default:
            return add(Sql::other, 1);
    }
    // The rest of the line says nothing, what follows it does.
    const std::size_t line = text_.find('\n', at_);
    add(Sql::comment, (line == std::string_view::npos ? text_.size() : line) - at_);
}

}  // namespace portico::guard::detail
