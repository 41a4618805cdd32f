#include "guard/detection/matcher.hpp"

#include <algorithm>

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
    classes_ = static_cast<unsigned>(samples.size());
    constexpr unsigned kEnd = 256;
    samples.push_back(kEnd);
    starts_.assign(std::size_t{3} * classes_ * (classes_ + 1), 0);
    for (unsigned before = 0; before < 3; ++before) {
        for (unsigned c0 = 0; c0 < classes_; ++c0) {
            for (unsigned c1 = 0; c1 <= classes_; ++c1) {
                std::uint32_t& which = starts_[(before * classes_ + c0) * (classes_ + 1) + c1];
                for (std::size_t i = 0; i < automata_.size(); ++i) {
                    const bool may = automata_[i].may_start(static_cast<Automaton::Before>(before),
                                                            samples[c0], samples[c1]);
                    which |= may ? 1U << i : 0U;
                }
            }
        }
    }
}

std::size_t Matcher::memory() const noexcept {
    std::size_t bytes = starts_.size() * sizeof(starts_[0]);
    for (const Automaton& automaton : automata_) bytes += automaton.memory();
    return bytes;
}

}  // namespace portico::guard::detail
