#include "portico/model/raw_json.hpp"

#include "model/reader.hpp"

namespace portico::model {

void RawJson::assign(std::string_view json) {
    text_.clear();
    text_.reserve(json.size());
    const char* at = json.data();
    const char* const end = at + json.size();
    while (at != end) {
        const char c = *at;
        const char* const from = at++;
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
        if (c == '"') {
            for (at = find_special(at, end); *at == '\\'; at = find_special(at + 2, end)) {
            }
            ++at;
        }
        text_.append(from, at);
    }
}

std::expected<RawJson, JsonError> RawJson::parse(std::string_view text) {
    if (auto error = utf8_error(text)) return std::unexpected(*std::move(error));
    Scanner in(text);
    in.skip_space();
    if (!in.skip_value(0) || !in.finish()) return std::unexpected(in.error());
    RawJson out;
    out.assign(text);
    return out;
}

Json RawJson::json() const {
    return Json::parse(text()).value();
}

bool Reader::raw(Slot slot, RawJson& out, const Location& at, unsigned depth) {
    const char* from = in_.at();
    if (!in_.skip_value(depth)) return false;
    out.assign(in_.since(from));
    if (slot.annotations != nullptr && slot.annotations->check != nullptr &&
        !run_check(slot, &out, problem_)) {
        fault(slot, at, problem_, from);
    }
    return true;
}

}  // namespace portico::model
