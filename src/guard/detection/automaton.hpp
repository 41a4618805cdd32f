#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "guard/detection/bytes.hpp"
#include "guard/detection/pattern.hpp"

namespace portico::guard::detail {

/// Steps that a request may still cost. A step is about a nanosecond.
class Budget {
public:
    explicit Budget(std::uint64_t steps) noexcept : left_(steps) {}

    /// False when there are no more than `steps` left: then none are left.
    bool take(std::uint64_t steps) noexcept {
        const bool enough = steps < left_;
        left_ = enough ? left_ - steps : 0;
        return enough;
    }
    [[nodiscard]] std::uint64_t left() const noexcept { return left_; }

private:
    std::uint64_t left_;
};

/// Patterns as a deterministic automaton that is started at a byte and runs until none can match.
/// Immutable; shared by all threads.
///
/// It is complete before the first request: no input makes it grow. Control characters that readers
/// drop are passed over in the middle of a match.
class Automaton {
public:
    /// The patterns that begin at `starts`. An error says that they are too much.
    [[nodiscard]] static std::expected<Automaton, std::string> build(
        const Nfa& nfa, std::span<const PatternStart> starts);

    /// Appends the tables to `out`, for this machine to load; `out` begins at an aligned address.
    void save(std::string& out) const;
    /// The tables that `saved` begins with, which is moved behind them; they are not copied.
    [[nodiscard]] static Automaton load(std::string_view& saved);

    /// What stands in front of the byte that a run begins with.
    enum Before : unsigned { text_start, no_word, word };

    /// Runs from byte `at` of `text` and calls `found(id)` for each pattern that matches there, at
    /// least once. False when the budget is spent.
    template <class F>
    bool run(std::string_view text, std::size_t at, Before before, Budget& budget,
             F&& found) const {
        std::uint32_t state = start_[before];
        std::size_t i = at;
        const auto step = [&](unsigned by) {
            state = next_[state * stride_ + by];
            if (state < first_accepting_) return;
            const Accepts& accepts = accepts_[state - first_accepting_];
            for (std::uint32_t k = 0; k < accepts.count; ++k) found(ids_[accepts.first + k]);
        };
        while (i < text.size()) {
            step(class_[static_cast<unsigned char>(text[i++])]);
            if (state == kDead) break;
        }
        if (state != kDead) step(end_class_);
        return budget.take(i - at);
    }

    /// What stands for the end of the text in `prefix`.
    static constexpr unsigned kEnd = 256;
    /// Can a match begin with these bytes, or end within them?
    [[nodiscard]] bool may_start(Before before, std::span<const unsigned> prefix) const noexcept;
    /// True for bytes that no pattern tells apart.
    [[nodiscard]] bool same_class(unsigned a, unsigned b) const noexcept {
        return class_[a] == class_[b];
    }

    /// The ids of patterns that may be found, some more than once.
    [[nodiscard]] std::span<const std::uint32_t> ids() const noexcept { return ids_; }
    [[nodiscard]] std::size_t states() const noexcept { return next_.size() / stride_; }
    /// Bytes that the tables take.
    [[nodiscard]] std::size_t memory() const noexcept;

private:
    class Compiler;
    struct Accepts {
        std::uint32_t first;
        std::uint32_t count;
    };

    static constexpr std::uint32_t kDead = 0;

    /// What a compiled automaton owns; a loaded one looks at what it was loaded from.
    struct Storage {
        std::vector<std::uint16_t> next;
        std::vector<Accepts> accepts;
        std::vector<std::uint32_t> ids;
    };

    struct Head {
        std::array<std::uint8_t, 256> classes{};
        std::uint32_t end_class = 0;
        std::array<std::uint32_t, 3> start{};
        std::uint32_t first_accepting = 0;
        std::uint32_t states = 0;
        std::uint32_t accepts = 0;
        std::uint32_t ids = 0;
    };

    Automaton(const Head& head, std::span<const std::uint16_t> next,
              std::span<const Accepts> accepts, std::span<const std::uint32_t> ids,
              std::shared_ptr<const Storage> storage);

    std::array<std::uint8_t, 256> class_;
    unsigned end_class_;
    unsigned stride_;
    std::array<std::uint32_t, 3> start_;
    std::uint32_t first_accepting_;
    std::span<const std::uint16_t> next_;
    std::span<const Accepts> accepts_;  ///< Of the states from `first_accepting_` on.
    std::span<const std::uint32_t> ids_;
    std::shared_ptr<const Storage> storage_;
};

}  // namespace portico::guard::detail
