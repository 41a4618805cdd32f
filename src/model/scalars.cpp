#include "model/scalars.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "model/enums.hpp"
#include "portico/model/write.hpp"

namespace portico::model {
namespace {

using detail::details_of;

bool fail(Problem& problem, const char* type, const char* msg) {
    problem.type = type;
    problem.msg = msg;
    problem.ctx.clear();
    return false;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\n\r\v\f";
    const auto first = text.find_first_not_of(kSpace);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// ---- booleans

bool equals_lower(std::string_view text, std::string_view lower) {
    if (text.size() != lower.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
        if (c != lower[i]) return false;
    }
    return true;
}

bool read_boolean(const Scalar& input, bool& out, bool is_strict, Problem& problem) {
    constexpr const char* kType = "Input should be a valid boolean";
    constexpr const char* kParsing = "Input should be a valid boolean, unable to interpret input";
    if (input.kind == Scalar::Kind::boolean) {
        out = input.truth;
        return true;
    }
    if (is_strict) return fail(problem, "bool_type", kType);
    if (input.kind == Scalar::Kind::number) {
        const double value = double_from(input.text).value_or(-1);
        if (value == 0 || value == 1) {
            out = value == 1;
            return true;
        }
        if (std::floor(value) != value) return fail(problem, "bool_type", kType);
        return fail(problem, "bool_parsing", kParsing);
    }
    if (input.kind != Scalar::Kind::string) return fail(problem, "bool_type", kType);
    for (const auto* word : {"1", "true", "on", "t", "y", "yes"}) {
        if (equals_lower(input.text, word)) {
            out = true;
            return true;
        }
    }
    for (const auto* word : {"0", "false", "off", "f", "n", "no"}) {
        if (equals_lower(input.text, word)) {
            out = false;
            return true;
        }
    }
    return fail(problem, "bool_parsing", kParsing);
}

// ---- integers

enum class Parsed : std::uint8_t { fine, no_integer, too_large };

/// The digits of an integer, whose sign is known; the sign is applied.
Parsed integer_from(std::string_view digits, bool negative, Wide& out) {
    std::uint64_t magnitude = 0;
    if (!digits.empty() && digits.size() < 19) [[likely]] {
        for (const char c : digits) {
            if (!is_digit(c)) return Parsed::no_integer;
            magnitude = magnitude * 10 + static_cast<std::uint64_t>(c - '0');
        }
        out = negative ? -static_cast<Wide>(magnitude) : static_cast<Wide>(magnitude);
        return Parsed::fine;
    }
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), magnitude);
    if (digits.empty() || end != digits.data() + digits.size()) return Parsed::no_integer;
    if (error == std::errc::result_out_of_range) return Parsed::too_large;
    out = negative ? -static_cast<Wide>(magnitude) : static_cast<Wide>(magnitude);
    return Parsed::fine;
}

/// Without the underscores that stand between two digits.
std::string without_underscores(std::string_view text) {
    std::string kept;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool between =
            i > 0 && i + 1 < text.size() && is_digit(text[i - 1]) && is_digit(text[i + 1]);
        if (text[i] != '_' || !between) kept.push_back(text[i]);
    }
    return kept;
}

/// Lax, as Pydantic is: "+1", " 7 ", "1_000" and "3.0" are integers.
Parsed integer_from_text(std::string_view text, Wide& out) {
    text = trimmed(text);
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (const auto point = text.find('.'); point != text.npos && point > 0) {
        if (text.find_first_not_of('0', point + 1) == text.npos) text = text.substr(0, point);
    }
    const std::string digits = without_underscores(text);
    if (!std::ranges::all_of(digits, is_digit)) return Parsed::no_integer;
    return integer_from(digits, negative, out);
}

/// A number with a fraction or an exponent that is an integer all the same: 1.0, 1e3.
bool integer_from_real(std::string_view text, Wide& out, Problem& problem) {
    const double value = double_from(text).value_or(0);
    if (!std::isfinite(value)) {
        return fail(problem, "finite_number", "Input should be a finite number");
    }
    if (std::floor(value) != value) {
        return fail(problem, "int_from_float",
                    "Input should be a valid integer, got a number with a fractional part");
    }
    if (std::fabs(value) >= 0x1p64) {
        return fail(problem, "int_parsing_size",
                    "Unable to parse input string as an integer, exceeded maximum size");
    }
    out = static_cast<Wide>(value);
    return true;
}

bool wide_integer(const Scalar& input, Wide& out, bool is_strict, Problem& problem) {
    Parsed parsed = Parsed::no_integer;
    if (input.kind == Scalar::Kind::number) {
        if (!input.number.integral) {
            if (is_strict) return fail(problem, "int_type", "Input should be a valid integer");
            return integer_from_real(input.text, out, problem);
        }
        if (input.number.exact) [[likely]] {
            const auto magnitude = static_cast<std::int64_t>(input.number.magnitude);
            out = input.number.negative ? -magnitude : magnitude;
            return true;
        }
        const bool negative = input.text.starts_with('-');
        parsed = integer_from(input.text.substr(negative ? 1 : 0), negative, out);
    } else if (input.kind == Scalar::Kind::boolean && !is_strict) {
        out = input.truth ? 1 : 0;
        return true;
    } else if (input.kind == Scalar::Kind::string && !is_strict) {
        parsed = integer_from_text(input.text, out);
    } else {
        return fail(problem, "int_type", "Input should be a valid integer");
    }
    if (parsed == Parsed::too_large) {
        return fail(problem, "int_parsing_size",
                    "Unable to parse input string as an integer, exceeded maximum size");
    }
    if (parsed == Parsed::no_integer) {
        return fail(problem, "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer");
    }
    return true;
}

bool read_integer(Slot slot, const Scalar& input, void* out, bool is_strict, Problem& problem) {
    const auto& details = details_of<detail::IntegerDetails>(*slot.type);
    Wide value = 0;
    if (!wide_integer(input, value, is_strict, problem)) return false;
    if (slot.annotations != nullptr && !check_integer(*slot.annotations, value, problem)) {
        return false;
    }
    const unsigned bits = details.bytes * 8U;
    const Wide most = (static_cast<Wide>(1) << (details.is_signed ? bits - 1 : bits)) - 1;
    const Wide least = details.is_signed ? -most - 1 : 0;
    if (value > most) {
        problem = out_of_bound("less_than_equal", static_cast<std::uint64_t>(most), false);
        return false;
    }
    if (value < least) {
        problem = out_of_bound("greater_than_equal", static_cast<std::int64_t>(least), false);
        return false;
    }
    const auto stored = static_cast<std::uint64_t>(value);
    std::memcpy(out, &stored, details.bytes);  // Little-endian, as every target is.
    return true;
}

// ---- floating point

/// Both are exact as doubles, so their quotient is the double next to the number as written.
std::optional<double> quotient(const Scanner::Number& number) {
    constexpr double kPowersOfTen[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                       1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
    constexpr std::uint64_t kExact = std::uint64_t{1} << 53;
    if (!number.exact || number.magnitude > kExact) return {};
    const double value = static_cast<double>(number.magnitude) / kPowersOfTen[number.decimals];
    return number.negative ? -value : value;
}

bool read_number(Slot slot, const Scalar& input, void* out, bool is_strict, bool& inexact,
                 Problem& problem) {
    std::string_view text;
    std::string digits;
    if (input.kind == Scalar::Kind::number) {
        text = input.text;
        inexact = inexact || input.number.integral;
    } else if (input.kind == Scalar::Kind::boolean && !is_strict) {
        text = input.truth ? "1" : "0";
    } else if (input.kind == Scalar::Kind::string && !is_strict) {
        text = trimmed(input.text);
        if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
        if (text.find('_') != text.npos) text = digits = without_underscores(text);
    } else {
        return fail(problem, "float_type", "Input should be a valid number");
    }
    const bool is_float = details_of<detail::NumberDetails>(*slot.type).is_float;
    std::optional<double> value;
    if (!is_float) value = quotient(input.number);
    if (!value) value = is_float ? std::optional<double>(float_from(text)) : double_from(text);
    if (!value) {
        return fail(problem, "float_parsing",
                    "Input should be a valid number, unable to parse string as a number");
    }
    if (!std::isfinite(*value) &&
        (slot.annotations == nullptr || !slot.annotations->allow_inf_nan)) {
        return fail(problem, "finite_number", "Input should be a finite number");
    }
    if (slot.annotations != nullptr && !check_real(*slot.annotations, *value, problem)) {
        return false;
    }
    if (is_float) {
        *static_cast<float*>(out) = static_cast<float>(*value);
    } else {
        *static_cast<double*>(out) = *value;
    }
    return true;
}

// ---- texts

bool read_string(Slot slot, const Scalar& input, std::string& out, Problem& problem) {
    if (input.kind != Scalar::Kind::string) {
        return fail(problem, "string_type", "Input should be a valid string");
    }
    if (!check_characters(input, problem)) return false;
    if (slot.annotations == nullptr) {
        out.assign(input.text);
        return true;
    }
    const Annotations& a = *slot.annotations;
    const std::string_view text = a.strip_whitespace ? trimmed(input.text) : input.text;
    if (!check_text(a, text, problem)) return false;
    out.assign(text);
    // As Pydantic does it: what was sent is judged, then its case is changed.
    if (a.to_lower || a.to_upper) {
        const char first = a.to_lower ? 'A' : 'a';
        for (char& c : out) {
            if (c >= first && c <= first + 25) c = static_cast<char>(c ^ 0x20);
        }
    }
    return true;
}

bool read_text_type(Slot slot, const Scalar& input, void* out, bool is_strict, bool& inexact,
                    Problem& problem) {
    const auto& details = details_of<detail::TextDetails>(*slot.type);
    const bool is_string = input.kind == Scalar::Kind::string;
    // A number is what a Decimal is written as; for a moment it is a lax form.
    const bool takes_number =
        details.parse_number != nullptr && (details.prints_number || !is_strict);
    if (!is_string && !(takes_number && input.kind == Scalar::Kind::number)) {
        problem = {std::string(details.wrong_type), std::string(details.wrong_type_msg)};
        return false;
    }
    if (is_string && !check_characters(input, problem)) return false;
    const auto parse = is_string ? details.parse : details.parse_number;
    if (!parse(input.text, out, problem)) return false;
    inexact = inexact || is_string == details.prints_number;
    if (slot.annotations == nullptr) return true;
    if (details.constrain != nullptr) return details.constrain(*slot.annotations, out, problem);
    return check_text(*slot.annotations, input.text, problem);
}

bool read_enum(Slot slot, const Scalar& input, void* out, bool is_strict, Problem& problem) {
    const auto& details = details_of<detail::EnumDetails>(*slot.type);
    const auto values = enum_values(*slot.type);
    Wide number = 0;
    Problem ignored;
    bool readable = details.by_value ? wide_integer(input, number, is_strict, ignored)
                                     : input.kind == Scalar::Kind::string;
    if (details.by_value && details.is_literal) {
        // A literal is what it says: in JSON neither "1" nor true nor 1.0 is 1.
        readable = readable &&
                   (input.bare || (input.kind == Scalar::Kind::number && input.number.integral));
    }
    for (const EnumValue& each : values) {
        if (!readable) break;
        if (details.by_value ? each.value == number : each.name == input.text) {
            std::memcpy(out, &each.value, details.bytes);
            return true;
        }
    }
    // 'a', 'b' or 'c'
    std::string expected;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) expected += i + 1 == values.size() ? " or " : ", ";
        expected += details.by_value ? std::to_string(values[i].value)
                                     : "'" + std::string(values[i].name) + "'";
    }
    std::string ctx = R"({"expected":)";
    write_json_string(expected, ctx);
    problem = {details.is_literal ? "literal_error" : "enum", "Input should be " + expected,
               ctx + "}"};
    return false;
}

}  // namespace

bool check_characters(const Scalar& input, Problem& problem) {
    if (input.plain) [[likely]]
        return true;
    if (input.lone_surrogate) [[unlikely]] {
        return fail(problem, "string_unicode",
                    "Input should be a valid string, unable to parse raw data as a unicode string");
    }
    if (input.text.find('\0') != input.text.npos) [[unlikely]] {
        problem = {"value_error", "Value error, a text may not contain the character U+0000",
                   R"({"error":{}})"};
        return false;
    }
    return true;
}

bool read_scalar(Slot slot, const Scalar& input, void* out, bool is_strict, bool& inexact,
                 Problem& problem) {
    is_strict = is_strict || (slot.annotations != nullptr && slot.annotations->strict);
    switch (slot.type->kind) {
        case Kind::boolean:
            return read_boolean(input, *static_cast<bool*>(out), is_strict, problem);
        case Kind::integer:
            return read_integer(slot, input, out, is_strict, problem);
        case Kind::number:
            return read_number(slot, input, out, is_strict, inexact, problem);
        case Kind::string:
            return read_string(slot, input, *static_cast<std::string*>(out), problem);
        case Kind::text:
            return read_text_type(slot, input, out, is_strict, inexact, problem);
        case Kind::enumerator:
            return read_enum(slot, input, out, is_strict, problem);
        default:
            return false;
    }
}

}  // namespace portico::model
