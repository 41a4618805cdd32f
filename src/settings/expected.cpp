#include "settings/expected.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "portico/model/annotations.hpp"
#include "portico/model/details.hpp"
#include "portico/model/read.hpp"
#include "portico/model/write.hpp"
#include "portico/settings/settings.hpp"

namespace portico::settings::detail {
namespace {

using model::Annotations;
using model::Kind;
using model::Number;
using model::Slot;

constexpr std::size_t kMostShown = 100;

std::string text_of(const Number& number) {
    switch (number.kind) {
        case Number::Kind::integer:
            return fmt::format("{}", number.integer);
        case Number::Kind::unsigned_integer:
            return fmt::format("{}", static_cast<std::uint64_t>(number.integer));
        case Number::Kind::real:
            return fmt::format("{}", number.real);
        case Number::Kind::none:
            break;
    }
    return {};
}

// The bounds that a narrow type has by itself: a port is often a uint16_t.
void add_bounds_of_type(Slot slot, std::string& low, std::string& high) {
    if (slot.type->kind != Kind::integer) return;
    const auto& details = model::detail::details_of<model::detail::IntegerDetails>(*slot.type);
    if (!details.is_signed && low.empty()) low = "0";
    if (details.bytes > 2) return;
    const int bits = details.bytes * 8 - (details.is_signed ? 1 : 0);
    if (low.empty()) low = fmt::format("-{}", 1 << bits);
    if (high.empty()) high = fmt::format("{}", (1 << bits) - 1);
}

std::string expected_number(Slot slot) {
    static const Annotations kNone;
    const Annotations& limits = slot.annotations != nullptr ? *slot.annotations : kNone;
    const bool open = limits.gt || limits.lt;
    std::string low = text_of(limits.ge);
    std::string high = text_of(limits.le);
    if (!open) add_bounds_of_type(slot, low, high);

    std::string phrase = slot.type->kind == Kind::integer ? "a whole number" : "a number";
    if (!open && !low.empty() && !high.empty()) {
        phrase = fmt::format("a number in {}–{}", low, high);
    } else {
        if (!low.empty()) phrase += fmt::format(" of at least {}", low);
        if (limits.gt) phrase += fmt::format(" greater than {}", text_of(limits.gt));
        if (!high.empty()) phrase += fmt::format(" of at most {}", high);
        if (limits.lt) phrase += fmt::format(" less than {}", text_of(limits.lt));
    }
    if (limits.multiple_of)
        phrase += fmt::format(", a multiple of {}", text_of(limits.multiple_of));
    return phrase;
}

std::string expected_text(std::string_view what, const Annotations* limits) {
    std::string phrase(what);
    if (limits == nullptr) return phrase;
    const bool at_most = limits->max_length != Annotations::kUnbounded;
    if (limits->min_length > 0 && at_most) {
        phrase += fmt::format(" of {}–{} characters", limits->min_length, limits->max_length);
    } else if (limits->min_length > 0) {
        phrase += fmt::format(" of at least {} characters", limits->min_length);
    } else if (at_most) {
        phrase += fmt::format(" of at most {} characters", limits->max_length);
    }
    if (limits->pattern != nullptr) {
        phrase += fmt::format(" that matches {}", limits->pattern->text());
    }
    return phrase;
}

// "Input should be 'a', 'b' or 'c'" becomes "'a', 'b' or 'c'".
std::string without_opening(std::string_view msg) {
    for (const std::string_view opening :
         {"Input should be ", "String should be ", "Value error, ", "Input should "}) {
        if (msg.starts_with(opening)) return std::string(msg.substr(opening.size()));
    }
    return std::string(msg);
}

// The reader knows the names of an enum: it is asked with a text that can't be one.
std::string expected_enumerator(Slot slot) {
    const Object scratch(*slot.type);
    const std::array<std::string_view, 1> impossible{"\x01"};
    model::Faults faults;
    if (model::read_text(impossible, slot, scratch.get(), model::Location("value"), faults) ||
        faults.empty()) {
        return "one of its names";
    }
    return without_opening(faults.list().front().msg);
}

// The bytes of "user:password" in scheme://user:password@host that a message must not show.
std::string without_password(std::string_view text) {
    const auto scheme = text.find("://");
    const auto at = text.rfind('@');
    if (scheme == std::string_view::npos || at == std::string_view::npos || at < scheme + 3) {
        return std::string(text);
    }
    return fmt::format("{}***{}", text.substr(0, scheme + 3), text.substr(at));
}

}  // namespace

std::string expected(Slot slot) {
    slot = without_optional(slot);
    switch (slot.type->kind) {
        case Kind::boolean:
            return "true or false";
        case Kind::integer:
        case Kind::number:
            return expected_number(slot);
        case Kind::string:
            return expected_text("a text", slot.annotations);
        case Kind::text: {
            const auto& details = model::detail::details_of<model::detail::TextDetails>(*slot.type);
            if (details.is_secret) return expected_text("a secret", slot.annotations);
            return fmt::format("a text of the form {}", slot.type->name);
        }
        case Kind::enumerator:
            return expected_enumerator(slot);
        case Kind::array:
        case Kind::tuple:
            return "a JSON list";
        case Kind::map:
        case Kind::object:
        case Kind::partial:
            return "a JSON object";
        default:
            return "a JSON value";
    }
}

std::string describe(const Leaf& leaf, const model::Fault& fault, std::string_view text) {
    const Slot slot = without_optional(leaf.slot);
    const bool inside = fault.loc.size() > 1 && fault.type != "json_invalid";
    std::string message;
    if (inside) {
        message = without_opening(fault.msg);
    } else if (fault.type == "value_error" || fault.type == "assertion_error") {
        message = without_opening(fault.msg);
    } else if (slot.type->kind == Kind::text &&
               !model::detail::details_of<model::detail::TextDetails>(*slot.type).is_secret) {
        message = without_opening(fault.msg);
    } else {
        message = "expected " + expected(slot);
    }
    if (leaf.secret) return message + "; the value is not shown";
    return fmt::format("{}, got {}", message, inside ? fault.input : shown(text));
}

std::string shown(std::string_view text) {
    std::string safe = without_password(text);
    if (safe.size() > kMostShown) {
        std::size_t end = kMostShown;
        while (end > 0 && (static_cast<unsigned char>(safe[end]) & 0xc0U) == 0x80) --end;
        safe.resize(end);
        safe += "…";
    }
    std::string quoted;
    model::write_json_string(safe, quoted);
    return quoted;
}

}  // namespace portico::settings::detail
