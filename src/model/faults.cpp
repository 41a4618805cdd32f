#include <algorithm>
#include <iterator>

#include "portico/model/fault.hpp"
#include "portico/model/write.hpp"

namespace portico::model {

namespace {

/// A key that nobody declared is as long as the body allows.
std::string bounded(std::string_view key) {
    constexpr std::string_view kEllipsis = "…";
    if (key.size() <= Faults::kInputBytes) return std::string(key);
    std::size_t keep = Faults::kInputBytes - kEllipsis.size();
    while (keep > 0 && (static_cast<unsigned char>(key[keep]) & 0xC0) == 0x80) --keep;
    return std::string(key.substr(0, keep)).append(kEllipsis);
}

}  // namespace

std::string Fault::joined_loc() const {
    std::string out;
    for (const Step& step : loc) {
        if (!out.empty()) out += '.';
        out += step.is_index ? std::to_string(step.index) : step.key;
    }
    return out;
}

void Faults::add(const Location& at, std::string_view type, std::string msg,
                 std::string_view input_json, std::string ctx_json) {
    if (full()) return;
    Fault fault;
    for (const Location* step = &at; step != nullptr; step = step->parent()) {
        fault.loc.push_back({bounded(step->key()), step->index(), step->is_index()});
    }
    std::ranges::reverse(fault.loc);
    fault.type = type;
    fault.msg = std::move(msg);
    fault.input = input_json;
    fault.ctx = std::move(ctx_json);
    faults_.push_back(std::move(fault));
}

void Faults::add(Fault fault) {
    if (!full()) faults_.push_back(std::move(fault));
}

std::vector<Fault> Faults::take_from(std::size_t first) {
    const auto from = faults_.begin() + static_cast<std::ptrdiff_t>(std::min(first, size()));
    std::vector<Fault> taken(std::make_move_iterator(from), std::make_move_iterator(faults_.end()));
    faults_.erase(from, faults_.end());
    return taken;
}

std::string Faults::to_json() const {
    std::string out = "[";
    for (const Fault& fault : faults_) {
        if (out.size() > 1) out += ',';
        out += R"({"type":)";
        write_json_string(fault.type, out);
        out += R"(,"loc":[)";
        for (const Fault::Step& step : fault.loc) {
            if (&step != fault.loc.data()) out += ',';
            if (step.is_index) {
                out += std::to_string(step.index);
            } else {
                write_json_string(step.key, out);
            }
        }
        out += R"(],"msg":)";
        write_json_string(fault.msg, out);
        out += R"(,"input":)";
        out += fault.input.empty() ? "null" : fault.input;
        if (!fault.ctx.empty()) {
            out += R"(,"ctx":)";
            out += fault.ctx;
        }
        out += '}';
    }
    out += ']';
    return out;
}

std::string Faults::to_text() const {
    std::string out;
    for (const Fault& fault : faults_) {
        if (!out.empty()) out += "; ";
        out += fault.joined_loc();
        out += ": ";
        out += fault.msg;
    }
    return out;
}

}  // namespace portico::model
