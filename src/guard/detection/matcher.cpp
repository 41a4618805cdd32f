#include "guard/detection/matcher.hpp"

#include <algorithm>
#include <initializer_list>

namespace portico::guard::detail {

Matcher::Matcher(std::vector<Automaton> automata) : automata_(std::move(automata)) {
    std::vector<unsigned> samples;
    for (unsigned b = 0; b < 256; ++b) {
        const auto known = std::ranges::find_if(samples, [&](unsigned sample) {
            return is_word(static_cast<int>(sample)) == is_word(static_cast<int>(b)) &&
                   std::ranges::all_of(automata_, [&](const Automaton& automaton) {
                       return automaton.same_class(sample, b);
                   });
        });
        class_[b] = static_cast<std::uint8_t>(known - samples.begin());
        if (known == samples.end()) samples.push_back(b);
        word_[class_[b]] = is_word(static_cast<int>(b));
    }
    samples.push_back(Automaton::kEnd);
    stride_ = static_cast<unsigned>(samples.size());
    // Those of `among` that may begin so.
    const auto may_start = [&](std::uint64_t among, unsigned before,
                               std::initializer_list<unsigned> prefix) {
        std::uint64_t which = 0;
        for (; among != 0; among &= among - 1) {
            const auto i = static_cast<std::size_t>(std::countr_zero(among));
            const bool may = automata_[i].may_start(static_cast<Automaton::Before>(before),
                                                    std::span(prefix.begin(), prefix.size()));
            which |= may ? std::uint64_t{1} << i : 0;
        }
        return which;
    };
    const std::uint64_t all = (std::uint64_t{1} << automata_.size()) - 1;
    pairs_.assign(std::size_t{3} * stride_ * stride_, 0);
    starts_.assign(stride_, 0);
    for (unsigned before = 0; before < 3; ++before) {
        for (unsigned c0 = 0; c0 + 1 < stride_; ++c0) {
            const std::uint64_t first = may_start(all, before, {samples[c0]});
            if (first == 0) continue;
            for (unsigned c1 = 0; c1 < stride_; ++c1) {
                const std::uint64_t second = may_start(first, before, {samples[c0], samples[c1]});
                if (second == 0) continue;
                pairs_[(before * stride_ + c0) * stride_ + c1] =
                    static_cast<std::uint16_t>(starts_.size() / stride_);
                for (unsigned c2 = 0; c2 < stride_; ++c2) {
                    starts_.push_back(
                        may_start(second, before, {samples[c0], samples[c1], samples[c2]}));
                }
            }
        }
    }
}

std::size_t Matcher::memory() const noexcept {
    std::size_t bytes = starts_.size() * sizeof(starts_[0]) + pairs_.size() * sizeof(pairs_[0]);
    for (const Automaton& automaton : automata_) bytes += automaton.memory();
    return bytes;
}

}  // namespace portico::guard::detail
