#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

namespace portico::guard {

/// What a security log says, summed up: give it the lines.
class LogReport {
public:
    /// A line that is none of the guard's is counted apart.
    void add(std::string_view line);
    /// The counts by check, rule, route and address, and which fields should perhaps be exempt from
    /// detection. `most` rows of each.
    [[nodiscard]] std::string text(std::size_t most = 10) const;

private:
    using Counts = std::map<std::string, std::uint64_t>;
    /// Where something was found: the route, and the field as `Event::where` has it.
    using Field = std::pair<std::string, std::string>;

    struct Finding {
        std::uint64_t requests = 0;
        std::set<std::string> addresses;
        Counts rules;
    };

    void add_exemptions(std::string& out) const;

    std::string first_;
    std::string last_;
    std::uint64_t lines_ = 0;
    std::uint64_t passed_ = 0;
    std::uint64_t unknown_ = 0;
    std::uint64_t left_out_ = 0;
    Counts checks_;  ///< "detection blocked"
    Counts rules_;
    Counts routes_;
    Counts addresses_;
    std::map<Field, Finding> findings_;
    /// In how many fields something was found that an address has sent.
    std::map<std::string, std::set<Field>> fields_of_;
};

}  // namespace portico::guard
