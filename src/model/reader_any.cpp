#include <algorithm>
#include <charconv>
#include <numeric>

#include "model/reader.hpp"

namespace portico::model {
namespace {

/// `exact`: no digit is lost, whatever it takes.
Json number_from(std::string_view text, bool integral, bool exact) {
    if (integral) {
        const auto* begin = text.data();
        const auto* end = begin + text.size();
        std::int64_t integer = 0;
        if (std::from_chars(begin, end, integer).ec == std::errc()) return integer;
        std::uint64_t large = 0;
        if (std::from_chars(begin, end, large).ec == std::errc()) return large;
    }
    return exact ? Json::exact_number(text) : Json(double_from(text).value_or(0));
}

/// Of members of one name the last stays. Not quadratic, whatever is sent.
void drop_duplicates(Json::Object& members) {
    if (members.size() < 2) return;
    std::vector<std::size_t> order(members.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(
        order, {}, [&](std::size_t i) { return std::pair(std::string_view(members[i].first), i); });
    std::vector<bool> drop(members.size());
    bool any = false;
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
        if (members[order[i]].first == members[order[i + 1]].first) drop[order[i]] = any = true;
    }
    if (!any) return;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (drop[i]) continue;
        if (kept != i) members[kept] = std::move(members[i]);
        ++kept;
    }
    members.resize(kept);
}

/// Any JSON value as a `Json`. The first string that can't be kept is the problem.
class AnyReader {
public:
    AnyReader(Scanner& in, bool strict_text, bool exact = false)
        : in_(in), strict_text_(strict_text), exact_(exact) {}

    bool value(Json& out, unsigned depth) {
        switch (in_.peek()) {
            case '"': {
                Scanner::String string;
                if (!in_.string(string)) return false;
                check(string);
                out = Json(string.text);
                return true;
            }
            case '{':
                return object(out, depth);
            case '[':
                return array(out, depth);
            case 't':
                out = true;
                return in_.literal("true");
            case 'f':
                out = false;
                return in_.literal("false");
            case 'n':
                out = nullptr;
                return in_.literal("null");
            default: {
                const char* from = in_.at();
                Scanner::Number number;
                if (!in_.number(number)) return false;
                out = number_from(in_.since(from), number.integral, exact_);
                return true;
            }
        }
    }

    [[nodiscard]] bool right() const noexcept { return problem.type.empty(); }

    Problem problem;

private:
    void check(const Scanner::String& string) {
        if (!strict_text_ || !right()) return;
        const Scalar scalar{.kind = Scalar::Kind::string,
                            .plain = !string.escaped,
                            .lone_surrogate = string.lone_surrogate,
                            .text = string.text};
        static_cast<void>(check_characters(scalar, problem));
    }

    bool object(Json& out, unsigned depth) {
        out = Json::object();
        Json::Object& members = out.members();
        if (!in_.open(depth)) return false;
        for (bool first = true, done = false;; first = false) {
            Scanner::String key;
            if (!in_.next_key(first, done, key)) return false;
            if (done) break;
            check(key);
            auto& [name, its_value] = members.emplace_back(std::string(key.text), Json());
            if (!value(its_value, depth + 1)) return false;
            in_.skip_space();
            if (in_.take('}')) break;
            if (!in_.take(',')) return in_.fail("Expecting ',' delimiter");
        }
        drop_duplicates(members);
        return true;
    }

    bool array(Json& out, unsigned depth) {
        out = Json::array();
        Json::Array& items = out.items();
        if (!in_.open(depth)) return false;
        for (bool first = true, done = false;; first = false) {
            if (!in_.next_item(first, done)) return false;
            if (done) return true;
            if (!value(items.emplace_back(), depth + 1)) return false;
            in_.skip_space();
            if (in_.take(']')) return true;
            if (!in_.take(',')) return in_.fail("Expecting ',' delimiter");
        }
    }

    Scanner& in_;
    bool strict_text_;
    bool exact_;
};

}  // namespace

bool Reader::any(Slot slot, Json& out, const Location& at, unsigned depth) {
    const char* from = in_.at();
    AnyReader reader(in_, true);
    if (!reader.value(out, depth)) return false;
    if (!reader.right()) {
        fault(slot, at, reader.problem, from);
    } else if (slot.annotations != nullptr && slot.annotations->check != nullptr &&
               !run_check(slot, &out, problem_)) {
        fault(slot, at, problem_, from);
    }
    return true;
}

bool Reader::any_value(Json& out, unsigned depth) {
    return AnyReader(in_, false, true).value(out, depth);
}

std::expected<Json, JsonError> Json::parse(std::string_view text) {
    if (auto error = utf8_error(text)) return std::unexpected(*std::move(error));
    Scanner in(text);
    in.skip_space();
    Json out;
    AnyReader reader(in, false);
    if (!reader.value(out, 0) || !in.finish()) return std::unexpected(in.error());
    return out;
}

}  // namespace portico::model
