#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

#include "guard/detection/automaton.hpp"

namespace portico::guard::detail {

/// A few automata, and where each is worth starting: two bytes and what stands before them decide,
/// so that an ordinary text costs one look-up a byte.
class Matcher {
public:
    static constexpr std::size_t kMaxAutomata = 32;

    /// At most `kMaxAutomata`.
    explicit Matcher(std::vector<Automaton> automata);
    Matcher() : Matcher(std::vector<Automaton>{}) {}

    /// Calls `found(id, at)` for the patterns that match at byte `at`, from the left to the right;
    /// for one pattern and place at least once. False when the budget is spent.
    template <class F>
    bool search(std::string_view text, Budget& budget, F&& found) const {
        const std::size_t size = text.size();
        if (!budget.take(size)) return false;
        std::size_t at = 0;
        while (at < size && is_space(static_cast<unsigned char>(text[at]))) ++at;
        auto before = Automaton::text_start;
        unsigned c0 = at < size ? class_of(text[at]) : 0;
        for (; at < size; ++at) {
            const unsigned c1 = at + 1 < size ? class_of(text[at + 1]) : classes_;
            const std::uint32_t which = starts_[(before * classes_ + c0) * (classes_ + 1) + c1];
            if (which != 0) [[unlikely]] {
                if (!start(text, at, before, which, budget, found)) return false;
            }
            before = word_[c0] ? Automaton::word : Automaton::no_word;
            c0 = c1;
        }
        return true;
    }

    [[nodiscard]] std::size_t memory() const noexcept;

private:
    [[nodiscard]] unsigned class_of(char c) const noexcept {
        return class_[static_cast<unsigned char>(c)];
    }

    template <class F>
    bool start(std::string_view text, std::size_t at, Automaton::Before before, std::uint32_t which,
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
    unsigned classes_ = 0;
    std::vector<std::uint32_t>
        starts_;  ///< By what stands before and two classes: automata as bits.
};

}  // namespace portico::guard::detail
