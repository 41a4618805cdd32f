#include "guard/detection/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <ranges>

#include "guard/detection/bytes.hpp"

namespace portico::guard::detail {
namespace {

constexpr std::size_t kMaxPatternSize = 4096;
constexpr std::size_t kMaxNodes = 200'000;
constexpr int kMaxDepth = 24;
constexpr unsigned kMaxRepeat = 64;

ByteSet set_where(bool (*belongs)(unsigned char)) {
    ByteSet set;
    for (unsigned b = 0; b < 256; ++b) set[b] = belongs(static_cast<unsigned char>(b));
    return set;
}

ByteSet folded(ByteSet set) {
    for (unsigned lower = 'a'; lower <= 'z'; ++lower) {
        const unsigned upper = lower - 'a' + 'A';
        if (set[lower] || set[upper]) set[lower] = set[upper] = true;
    }
    return set;
}

struct Term {
    enum class Kind : std::uint8_t { empty, bytes, end, word_end, sequence, choice, repeat };
    Kind kind = Kind::empty;
    ByteSet set = {};
    std::vector<Term> parts = {};
    unsigned least = 0;
    std::optional<unsigned> most = {};
};

struct Alternative {
    Anchor anchor = Anchor::anywhere;
    Term term;
};

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    /// What may be read instead of each other, each with an anchor of its own.
    std::expected<std::vector<Alternative>, std::string> parse() {
        if (text_.size() > kMaxPatternSize) return fail("is longer than 4096 bytes");
        std::vector<Alternative> out;
        do {
            if (take("(^|")) {
                // (^|a)b is ^b or ab.
                auto other = choice(1);
                if (!other) return std::unexpected(other.error());
                if (!take(")")) return fail("has a \"(\" that is not closed");
                auto rest = sequence(0);
                if (!rest) return std::unexpected(rest.error());
                Term both{.kind = Term::Kind::sequence};
                both.parts = {std::move(*other), *rest};
                out.push_back({Anchor::text_start, std::move(*rest)});
                out.push_back({Anchor::anywhere, std::move(both)});
                continue;
            }
            Alternative& next = out.emplace_back();
            if (take("^")) {
                next.anchor = Anchor::text_start;
            } else if (take("\\b")) {
                next.anchor = Anchor::word_start;
            }
            auto term = sequence(0);
            if (!term) return std::unexpected(term.error());
            next.term = std::move(*term);
        } while (take("|"));
        if (at_ < text_.size()) return fail("has a \")\" that closes nothing");
        return out;
    }

private:
    using Parsed = std::expected<Term, std::string>;

    [[nodiscard]] std::unexpected<std::string> fail(std::string_view what) const {
        return std::unexpected(fmt::format("the pattern {}, at byte {}", what, at_));
    }
    [[nodiscard]] bool more() const { return at_ < text_.size(); }
    bool take(std::string_view token) {
        if (!text_.substr(at_).starts_with(token)) return false;
        at_ += token.size();
        return true;
    }

    Parsed choice(int depth) {
        if (depth > kMaxDepth) return fail("is nested too deeply");
        Term out{.kind = Term::Kind::choice};
        do {
            auto part = sequence(depth);
            if (!part) return part;
            out.parts.push_back(std::move(*part));
        } while (take("|"));
        if (out.parts.size() == 1) return std::move(out.parts.front());
        return out;
    }

    Parsed sequence(int depth) {
        Term out{.kind = Term::Kind::sequence};
        while (more() && text_[at_] != '|' && text_[at_] != ')') {
            auto part = repeated(depth);
            if (!part) return part;
            out.parts.push_back(std::move(*part));
        }
        return out;
    }

    Parsed repeated(int depth) {
        auto part = single(depth);
        if (!part || !more()) return part;
        unsigned least = 0;
        std::optional<unsigned> most;
        if (take("*")) {
        } else if (take("+")) {
            least = 1;
        } else if (take("?")) {
            most = 1;
        } else if (text_[at_] == '{') {
            ++at_;
            const auto low = number();
            if (!low) return fail("has a \"{\" without a number");
            least = *low;
            most = least;
            if (take(",")) {
                most = number();
                if (!most) return fail("has a \"{m,\" without an upper bound: write \"{m,n}\"");
            }
            if (!take("}")) return fail("has a \"{\" that is not closed");
            if (*most < least || *most > kMaxRepeat) return fail("repeats more than 64 times");
        } else {
            return part;
        }
        if (more() && (text_[at_] == '*' || text_[at_] == '+' || text_[at_] == '?')) {
            return fail("has two repetitions in a row");
        }
        Term out{.kind = Term::Kind::repeat, .least = least, .most = most};
        out.parts.push_back(std::move(*part));
        return out;
    }

    std::optional<unsigned> number() {
        std::optional<unsigned> value;
        while (more() && is_digit(text_[at_]) && value.value_or(0) < 1000) {
            value = value.value_or(0) * 10 + static_cast<unsigned>(text_[at_++] - '0');
        }
        return value;
    }

    Parsed single(int depth) {
        const char c = text_[at_++];
        switch (c) {
            case '(': {
                auto inner = choice(depth + 1);
                if (inner && !take(")")) return fail("has a \"(\" that is not closed");
                return inner;
            }
            case '[':
                return bracket();
            case '.':
                return Term{.kind = Term::Kind::bytes, .set = ByteSet{}.set()};
            case '$':
                return Term{.kind = Term::Kind::end};
            case '*':
            case '+':
            case '?':
                return fail("repeats nothing");
            case '^':
                return fail("has a \"^\" that is not at its start");
            case '\\': {
                if (take("b")) return Term{.kind = Term::Kind::word_end};
                auto set = escape();
                if (!set) return std::unexpected(set.error());
                return Term{.kind = Term::Kind::bytes, .set = folded(*set)};
            }
            default:
                return Term{.kind = Term::Kind::bytes, .set = folded(one(c))};
        }
    }

    static ByteSet one(char c) {
        ByteSet set;
        set[static_cast<unsigned char>(c)] = true;
        return set;
    }

    /// What follows a backslash.
    std::expected<ByteSet, std::string> escape() {
        if (!more()) return fail("ends with a backslash");
        const char c = text_[at_++];
        switch (c) {
            case 'd':
                return set_where([](unsigned char b) { return is_digit(b); });
            case 'D':
                return ~set_where([](unsigned char b) { return is_digit(b); });
            case 'w':
                return set_where([](unsigned char b) { return is_word(b); });
            case 'W':
                return ~set_where([](unsigned char b) { return is_word(b); });
            case 's':
                return set_where([](unsigned char b) { return is_space(b); });
            case 'S':
                return ~set_where([](unsigned char b) { return is_space(b); });
            case 'n':
                return one('\n');
            case 'r':
                return one('\r');
            case 't':
                return one('\t');
            case 'x': {
                const int high = more() ? hex_value(text_[at_]) : -1;
                const int low = at_ + 1 < text_.size() ? hex_value(text_[at_ + 1]) : -1;
                if (high < 0 || low < 0) return fail("has a \"\\x\" without two hex digits");
                at_ += 2;
                return one(static_cast<char>(high * 16 + low));
            }
            default:
                if (is_word(c)) return fail("has an escape that is not known");
                return one(c);
        }
    }

    Parsed bracket() {
        const bool negated = take("^");
        ByteSet set;
        for (bool first = true;; first = false) {
            if (!more()) return fail("has a \"[\" that is not closed");
            if (text_[at_] == ']' && !first) break;
            auto member = bracket_member();
            if (!member) return std::unexpected(member.error());
            const bool range = at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']';
            if (!range) {
                set |= *member;
                continue;
            }
            ++at_;
            auto last = bracket_member();
            if (!last) return std::unexpected(last.error());
            if (member->count() != 1 || last->count() != 1) return fail("has a range of classes");
            const std::size_t low = member->_Find_first();
            const std::size_t high = last->_Find_first();
            if (high < low) return fail("has a range that ends before it begins");
            for (std::size_t b = low; b <= high; ++b) set[b] = true;
        }
        ++at_;
        set = folded(set);
        return Term{.kind = Term::Kind::bytes, .set = negated ? ~set : set};
    }

    std::expected<ByteSet, std::string> bracket_member() {
        const char c = text_[at_++];
        if (c == '\\') return escape();
        return one(c);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// Builds from the end to the start: each term is given what follows it.
class Builder {
public:
    explicit Builder(Nfa& nfa) : nfa_(nfa) {}

    [[nodiscard]] bool full() const { return nfa_.nodes.size() > kMaxNodes; }

    std::uint32_t build(const Term& term, std::uint32_t next) {
        if (full()) return next;
        switch (term.kind) {
            case Term::Kind::empty:
                return next;
            case Term::Kind::bytes:
                return bytes(term.set, next);
            case Term::Kind::end:
                return add({.kind = Nfa::Kind::end, .next = next});
            case Term::Kind::word_end:
                return add({.kind = Nfa::Kind::word_end, .next = next});
            case Term::Kind::sequence: {
                for (const Term& part : term.parts | std::views::reverse) next = build(part, next);
                return next;
            }
            case Term::Kind::choice: {
                std::uint32_t out = build(term.parts.back(), next);
                for (std::size_t i = term.parts.size() - 1; i-- > 0;) {
                    const auto part = build(term.parts[i], next);
                    out = add({.kind = Nfa::Kind::split, .next = part, .other = out});
                }
                return out;
            }
            case Term::Kind::repeat:
                return repeat(term, next);
        }
        return next;
    }

    std::uint32_t add(Nfa::Node node) {
        nfa_.nodes.push_back(node);
        return static_cast<std::uint32_t>(nfa_.nodes.size() - 1);
    }

private:
    std::uint32_t bytes(const ByteSet& set, std::uint32_t next) {
        auto known = std::ranges::find(nfa_.sets, set);
        if (known == nfa_.sets.end()) known = nfa_.sets.insert(known, set);
        return add({.kind = Nfa::Kind::bytes,
                    .set = static_cast<std::uint16_t>(known - nfa_.sets.begin()),
                    .next = next});
    }

    std::uint32_t repeat(const Term& term, std::uint32_t next) {
        const Term& inner = term.parts.front();
        std::uint32_t out = next;
        if (!term.most) {
            const auto loop = add({.kind = Nfa::Kind::split, .next = 0, .other = next});
            const auto body = build(inner, loop);
            nfa_.nodes[loop].next = body;
            out = loop;
        } else {
            for (unsigned i = term.least; i < *term.most; ++i) {
                const auto body = build(inner, out);
                out = add({.kind = Nfa::Kind::split, .next = body, .other = next});
            }
        }
        for (unsigned i = 0; i < term.least; ++i) out = build(inner, out);
        return out;
    }

    Nfa& nfa_;
};

}  // namespace

std::expected<void, std::string> add_pattern(Nfa& nfa, std::string_view pattern, std::uint32_t id,
                                             std::vector<PatternStart>& starts) {
    const auto alternatives = Parser(pattern).parse();
    if (!alternatives) return std::unexpected(alternatives.error());
    Builder builder(nfa);
    const auto accept = builder.add({.kind = Nfa::Kind::accept, .next = id});
    for (const auto& [anchor, term] : *alternatives) {
        const auto node = builder.build(term, accept);
        if (builder.full()) return std::unexpected("the pattern repeats too much to be compiled");
        if (node == accept) return std::unexpected("the pattern has an empty alternative");
        starts.push_back({anchor, node, id});
    }
    return {};
}

}  // namespace portico::guard::detail
