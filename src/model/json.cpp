#include "portico/model/json.hpp"

#include <algorithm>
#include <cmath>

#include "model/numbers.hpp"
#include "model/scanner.hpp"
#include "portico/model/write.hpp"

namespace portico::model {
namespace {

constexpr double kTwoTo63 = 0x1p63;

}  // namespace

Json::Json(std::string value) : kind_(Kind::string) {
    value_.string = new std::string(std::move(value));
}

Json::Json(const Json& other) : kind_(other.kind_), exact_(other.exact_), value_(other.value_) {
    if (exact_) value_.exact = new Exact(*other.value_.exact);
    switch (kind_) {
        case Kind::string:
            value_.string = new std::string(*other.value_.string);
            break;
        case Kind::array:
            value_.array = new Array(*other.value_.array);
            break;
        case Kind::object:
            value_.object = new Object(*other.value_.object);
            break;
        default:
            break;
    }
}

Json& Json::operator=(const Json& other) {
    if (this != &other) *this = Json(other);
    return *this;
}

Json& Json::operator=(Json&& other) noexcept {
    // By way of a third: `other` may be a part of this value.
    Json taken(std::move(other));
    std::swap(kind_, taken.kind_);
    std::swap(exact_, taken.exact_);
    std::swap(value_, taken.value_);
    return *this;
}

void Json::release() noexcept {
    if (exact_) delete value_.exact;
    switch (kind_) {
        case Kind::string:
            delete value_.string;
            break;
        case Kind::array:
            delete value_.array;
            break;
        case Kind::object:
            delete value_.object;
            break;
        default:
            break;
    }
}

void Json::set_integer(std::uint64_t bits, bool negative) noexcept {
    const bool large = !negative && bits > static_cast<std::uint64_t>(INT64_MAX);
    kind_ = large ? Kind::unsigned_integer : Kind::integer;
    value_.unsigned_integer = bits;
}

Json Json::array(std::initializer_list<Json> items) {
    Json json;
    json.value_.array = new Array(items);
    json.kind_ = Kind::array;
    return json;
}

Json Json::object(std::initializer_list<Member> members) {
    Json json;
    json.value_.object = new Object(members);
    json.kind_ = Kind::object;
    return json;
}

Json Json::exact_number(std::string_view text) {
    Scanner in(text);
    Scanner::Number number;
    if (text.empty() || !in.number(number) || !in.at_end()) return nullptr;
    Json json;
    json.value_.exact = new Exact{double_from(text).value_or(0), std::string(text)};
    json.kind_ = Kind::real;
    json.exact_ = true;
    return json;
}

std::int64_t Json::as_int() const noexcept {
    const double real = kind_ == Kind::real ? as_double() : 0;
    switch (kind_) {
        case Kind::integer:
            return value_.integer;
        case Kind::unsigned_integer:
            return INT64_MAX;
        case Kind::real:
            if (std::isnan(real)) return 0;
            if (real >= kTwoTo63) return INT64_MAX;
            return real < -kTwoTo63 ? INT64_MIN : static_cast<std::int64_t>(real);
        default:
            return 0;
    }
}

double Json::as_double() const noexcept {
    switch (kind_) {
        case Kind::integer:
            return static_cast<double>(value_.integer);
        case Kind::unsigned_integer:
            return static_cast<double>(value_.unsigned_integer);
        case Kind::real:
            return exact_ ? value_.exact->value : value_.real;
        default:
            return 0;
    }
}

std::string_view Json::as_string() const noexcept {
    return is_string() ? std::string_view(*value_.string) : std::string_view();
}

const Json::Array& Json::items() const noexcept {
    static const Array kNone;
    return is_array() ? *value_.array : kNone;
}

const Json::Object& Json::members() const noexcept {
    static const Object kNone;
    return is_object() ? *value_.object : kNone;
}

Json::Array& Json::items() {
    if (!is_array()) *this = array();
    return *value_.array;
}

Json::Object& Json::members() {
    if (!is_object()) *this = object();
    return *value_.object;
}

const Json* Json::find(std::string_view key) const noexcept {
    const Object& all = members();
    const auto at = std::ranges::find(all, key, &Member::first);
    return at != all.end() ? &at->second : nullptr;
}

Json* Json::find(std::string_view key) noexcept {
    return const_cast<Json*>(std::as_const(*this).find(key));
}

const Json& Json::operator[](std::string_view key) const noexcept {
    static const Json kNull;
    const Json* found = find(key);
    return found != nullptr ? *found : kNull;
}

const Json& Json::operator[](std::size_t index) const noexcept {
    static const Json kNull;
    const Array& all = items();
    return index < all.size() ? all[index] : kNull;
}

Json& Json::operator[](std::string_view key) {
    Object& all = members();
    const auto at = std::ranges::find(all, key, &Member::first);
    if (at != all.end()) return at->second;
    return all.emplace_back(std::string(key), Json()).second;
}

void Json::push_back(Json item) {
    items().push_back(std::move(item));
}

bool Json::erase(std::string_view key) {
    if (!is_object()) return false;
    return std::erase_if(*value_.object, [&](const Member& each) { return each.first == key; }) > 0;
}

std::size_t Json::size() const noexcept {
    return is_array() ? value_.array->size() : members().size();
}

bool Json::operator==(const Json& other) const noexcept {
    if (is_number() && other.is_number()) {
        if (kind_ == Kind::real || other.kind_ == Kind::real) {
            return as_double() == other.as_double();
        }
        return kind_ == other.kind_ && value_.unsigned_integer == other.value_.unsigned_integer;
    }
    if (kind_ != other.kind_) return false;
    switch (kind_) {
        case Kind::boolean:
            return value_.boolean == other.value_.boolean;
        case Kind::string:
            return *value_.string == *other.value_.string;
        case Kind::array:
            return *value_.array == *other.value_.array;
        case Kind::object:
            return size() == other.size() &&
                   std::ranges::all_of(members(), [&](const Member& each) {
                       const Json* found = other.find(each.first);
                       return found != nullptr && *found == each.second;
                   });
        default:
            return true;
    }
}

std::string Json::dump(int indent) const {
    std::string out;
    dump_to(out, indent);
    return out;
}

std::string_view Json::exact_text() const noexcept {
    return exact_ ? std::string_view(value_.exact->text) : std::string_view();
}

namespace {

class Dumper {
public:
    Dumper(std::string& out, int indent) : out_(out), indent_(indent) {}

    void value(const Json& json, int level) {
        switch (json.kind()) {
            case Json::Kind::null:
                out_ += "null";
                return;
            case Json::Kind::boolean:
                out_ += json.as_bool() ? "true" : "false";
                return;
            case Json::Kind::integer:
                out_ += std::to_string(json.as_int());
                return;
            // Above the range of int64 the double may be off: the exact value is asked for.
            case Json::Kind::unsigned_integer:
                out_ += std::to_string(json.as_uint());
                return;
            case Json::Kind::real:
                if (const auto text = json.exact_text(); !text.empty()) {
                    out_ += text;
                } else {
                    append_double(json.as_double(), out_);
                }
                return;
            case Json::Kind::string:
                write_json_string(json.as_string(), out_);
                return;
            case Json::Kind::array:
                list('[', ']', json.items(), level,
                     [&](const Json& item) { value(item, level + 1); });
                return;
            case Json::Kind::object:
                list('{', '}', json.members(), level, [&](const Json::Member& member) {
                    write_json_string(member.first, out_);
                    out_ += indent_ < 0 ? ":" : ": ";
                    value(member.second, level + 1);
                });
        }
    }

private:
    void list(char open, char close, const auto& all, int level, const auto& each) {
        out_ += open;
        for (const auto& one : all) {
            if (&one != all.data()) out_ += ',';
            line(level + 1);
            each(one);
        }
        if (!all.empty()) line(level);
        out_ += close;
    }

    void line(int level) {
        if (indent_ < 0) return;
        out_ += '\n';
        out_.append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(level), ' ');
    }

    std::string& out_;
    int indent_;
};

}  // namespace

void Json::dump_to(std::string& out, int indent) const {
    Dumper(out, indent).value(*this, 0);
}

std::uint64_t Json::as_uint() const noexcept {
    if (kind_ == Kind::unsigned_integer) return value_.unsigned_integer;
    return as_int() < 0 ? 0 : static_cast<std::uint64_t>(as_int());
}

}  // namespace portico::model
