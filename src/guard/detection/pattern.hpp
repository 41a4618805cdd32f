#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace portico::guard::detail {

using ByteSet = std::bitset<256>;

/// Where a pattern may begin.
enum class Anchor : std::uint8_t {
    anywhere,
    word_start,  ///< "\b" in front: not after a letter, a digit or an underscore.
    text_start,  ///< "^" in front: at the first byte that is no white space.
};

/// A nondeterministic automaton over bytes; many patterns share one.
struct Nfa {
    enum class Kind : std::uint8_t {
        bytes,     ///< Takes a byte of `set` to `next`.
        end,       ///< Takes the end of the text to `next`.
        word_end,  ///< Goes to `next` for nothing where no byte of a word comes next.
        split,     ///< Goes to `next` and to `other` for nothing.
        accept,    ///< The pattern `next` has been read.
    };
    struct Node {
        Kind kind;
        std::uint16_t set = 0;  ///< An index into `sets`.
        std::uint32_t next = 0;
        std::uint32_t other = 0;
    };

    std::vector<Node> nodes;
    std::vector<ByteSet> sets;
};

/// Where a pattern begins in its automaton.
struct PatternStart {
    Anchor anchor = Anchor::anywhere;
    std::uint32_t node = 0;
    std::uint32_t id = 0;
};

/// Adds a pattern to `nfa`, as the accepting of `id`, and where it may begin to `starts`. An error
/// is a sentence for its author.
///
/// Regular expressions without what needs memory: literals, `.`, `[…]`, `\d \w \s` and their
/// opposites, `(…|…)`, `* + ? {m} {m,n}`; `^`, `\b` or `(^|…)` where an alternative begins, `$`
/// where it ends; `\b` behind a word. Letters match without case. There is no backtracking, no
/// capture and no lazy form: it is told that a text matches, not where it ends.
[[nodiscard]] std::expected<void, std::string> add_pattern(Nfa& nfa, std::string_view pattern,
                                                           std::uint32_t id,
                                                           std::vector<PatternStart>& starts);

}  // namespace portico::guard::detail
