#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

#include "guard/detection/automaton.hpp"

namespace portico::guard::detail {

/// A few automata, and where each is worth starting: three bytes and what stands before them
/// decide, so that an ordinary text costs little more than a look-up a byte.
class Matcher {
public:
    static constexpr std::size_t kMaxAutomata = 63;

    /// At most `kMaxAutomata`.
    explicit Matcher(std::vector<Automaton> automata);
    Matcher() : Matcher(std::vector<Automaton>{}) {}

    /// Searches with the automata whose bits are in `among`. Calls `found(id, at)` for the patterns
    /// that match at byte `at`, from the left to the right; for one pattern and place at least
    /// once. False when the budget is spent.
    template <class F>
    bool search(std::string_view text, std::uint64_t among, Budget& budget, F&& found) const {
        const std::size_t size = text.size();
        if (!budget.take(size)) return false;
        std::size_t first = 0;
        while (first < size && is_space(static_cast<unsigned char>(text[first]))) ++first;
        auto before = Automaton::no_word;
        unsigned c0 = class_at(text, 0);
        unsigned c1 = class_at(text, 1);
        for (std::size_t at = 0; at < size; ++at) {
            if (at == first) before = Automaton::text_start;
            const unsigned c2 = class_at(text, at + 2);
            const std::size_t pair = pairs_[(before * stride_ + c0) * stride_ + c1];
            if (pair != 0) {
                const std::uint64_t which = starts_[pair * stride_ + c2] & among;
                if (which != 0 && !start(text, at, before, which, budget, found)) return false;
            }
            before = word_[c0] ? Automaton::word : Automaton::no_word;
            c0 = c1;
            c1 = c2;
        }
        return true;
    }

    [[nodiscard]] std::span<const Automaton> automata() const noexcept { return automata_; }
    [[nodiscard]] std::size_t memory() const noexcept;

private:
    /// The last class is the end of the text.
    [[nodiscard]] unsigned class_at(std::string_view text, std::size_t at) const noexcept {
        return at < text.size() ? class_[static_cast<unsigned char>(text[at])] : stride_ - 1;
    }

    template <class F>
    bool start(std::string_view text, std::size_t at, Automaton::Before before, std::uint64_t which,
               Budget& budget, F& found) const {
        for (; which != 0; which &= which - 1) {
            const Automaton& automaton =
                automata_[static_cast<std::size_t>(std::countr_zero(which))];
            if (!automaton.run(text, at, before, budget,
                               [&](std::uint32_t id) { found(id, at); })) {
                return false;
            }
        }
        return true;
    }

    std::vector<Automaton> automata_;
    std::array<std::uint8_t, 256> class_{};  ///< Bytes that no automaton tells apart.
    std::array<bool, 256> word_{};           ///< By class.
    unsigned stride_ = 0;
    /// By what stands before and two classes: 0, or a row of `starts_`.
    std::vector<std::uint16_t> pairs_;
    std::vector<std::uint64_t> starts_;  ///< By a third class: automata as bits.
};

}  // namespace portico::guard::detail
