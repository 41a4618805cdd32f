#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "guard/detection/clean_values.hpp"
#include "guard/detection/confirm.hpp"
#include "guard/detection/matcher.hpp"
#include "portico/guard/detection.hpp"

namespace portico::guard {

struct Detector::Tables {
    struct Entry {
        PlaceSet where = 0;  ///< None for a rule that does not count.
        detail::Confirmation confirmation;
    };

    std::vector<Rule> rules;
    std::vector<Entry> entries;  ///< One a rule.
    detail::Matcher matcher;
    /// By place: the automata that hold rules for it, as bits.
    std::array<std::uint64_t, kPlaces> automata{};
    int threshold = 0;
    std::uint64_t max_steps = 0;
    /// Of `Place::header`.
    std::unique_ptr<detail::CleanValues> clean_headers = std::make_unique<detail::CleanValues>();
};

}  // namespace portico::guard
