#include "guard/log_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "guard/printable.hpp"
#include "portico/model/json.hpp"

namespace portico::guard {
namespace {

/// So many people don't attack the same field of the same route, and nothing else.
constexpr std::size_t kFewestAddresses = 3;

std::string text_of(const model::Json& line, std::string_view name) {
    const model::Json* value = line.find(name);
    return value == nullptr ? std::string() : printable(value->as_string());
}

void add_table(std::string& out, std::string_view title,
               const std::map<std::string, std::uint64_t>& counts, std::size_t most) {
    if (counts.empty()) return;
    std::vector<std::pair<std::string, std::uint64_t>> rows(counts.begin(), counts.end());
    std::ranges::sort(rows, [](const auto& one, const auto& other) {
        return std::pair(other.second, one.first) < std::pair(one.second, other.first);
    });
    out += fmt::format("\nby {}\n", title);
    for (std::size_t i = 0; i < rows.size() && i < most; ++i) {
        out += fmt::format("{:>10}  {}\n", rows[i].second, rows[i].first);
    }
    if (rows.size() > most) out += fmt::format("{:>10}  others\n", rows.size() - most);
}

}  // namespace

void LogReport::add(std::string_view line) {
    if (line.empty()) return;
    ++lines_;
    const auto parsed = model::Json::parse(line);
    if (!parsed || !parsed->is_object()) {
        ++unknown_;
        return;
    }
    const std::string time = text_of(*parsed, "time");
    if (first_.empty()) first_ = time;
    last_ = time;
    const model::Json& fields = (*parsed)["fields"];
    if (const model::Json* count = fields.find("count"); count != nullptr) {
        left_out_ += count->as_uint();
        return;
    }
    const std::string address = text_of(fields, "address");
    const std::string check = text_of(fields, "check");
    if (address.empty()) {
        ++unknown_;
        return;
    }
    if (check.empty()) {
        ++passed_;
        return;
    }
    const std::string known_route = text_of(fields, "route");
    const std::string route =
        text_of(fields, "method") + " " + (known_route.empty() ? "(no route)" : known_route);
    ++checks_[check + " " + text_of(fields, "action")];
    ++routes_[route];
    ++addresses_[address];
    if (check != "detection") return;
    const Field field{route, text_of(fields, "where")};
    Finding& finding = findings_[field];
    ++finding.requests;
    finding.addresses.insert(address);
    fields_of_[address].insert(field);
    std::string_view rules = fields["rules"].as_string();
    while (!rules.empty()) {
        const auto end = std::min(rules.find_first_of(" ,"), rules.size());
        if (end > 0) {
            const std::string rule = printable(rules.substr(0, end));
            ++rules_[rule];
            ++finding.rules[rule];
        }
        rules.remove_prefix(std::min(end + 1, rules.size()));
    }
}

// Who attacks tries many fields and routes. Several people who are refused for one field, and for
// nothing else, have written what the application asks them for.
void LogReport::add_exemptions(std::string& out) const {
    std::string found;
    for (const auto& [field, finding] : findings_) {
        const auto& [route, where] = field;
        const auto dot = where.find('.');
        if (dot == where.npos || route.ends_with("(no route)")) continue;
        const auto faithful = std::ranges::count_if(finding.addresses, [&](const auto& address) {
            return fields_of_.at(address).size() == 1;
        });
        const auto addresses = static_cast<std::size_t>(faithful);
        if (addresses < kFewestAddresses || addresses * 5 < finding.addresses.size() * 4) continue;
        std::string rules;
        for (const auto& [rule, count] : finding.rules) rules += (rules.empty() ? "" : ", ") + rule;
        found += fmt::format(
            "  {}: {} requests of {} addresses, {}\n"
            "      .access = {{.unscanned_fields = {{\"{}\"}}}}\n",
            route, finding.requests, finding.addresses.size(), rules, where.substr(dot + 1));
    }
    if (found.empty()) return;
    out +=
        "\nperhaps false: several clients, who sent nothing else that was refused. Look at what "
        "they "
        "write there before you exempt it:\n" +
        found;
}

std::string LogReport::text(std::size_t most) const {
    std::string out = fmt::format("{} lines", lines_);
    if (!first_.empty()) out += fmt::format(", from {} to {}", first_, last_);
    out += "\n";
    if (passed_ > 0) out += fmt::format("{:>10}  requests that passed\n", passed_);
    if (left_out_ > 0)
        out += fmt::format("{:>10}  lines that were too many to be written\n", left_out_);
    if (unknown_ > 0) out += fmt::format("{:>10}  lines that are none of the guard's\n", unknown_);
    add_table(out, "check", checks_, most);
    add_table(out, "rule", rules_, most);
    add_table(out, "route", routes_, most);
    add_table(out, "address", addresses_, most);
    add_exemptions(out);
    return out;
}

}  // namespace portico::guard
