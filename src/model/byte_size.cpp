#include "portico/model/byte_size.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/constraints.hpp"
#include "portico/model/write.hpp"

namespace portico::model {
namespace {

constexpr std::string_view kPrefixes = "kmgtpe";
constexpr std::size_t kMostDigits = 18;  // of each side of the point

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word(char c) {
    return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

void skip_space(std::string_view& text) {
    while (!text.empty() &&
           (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r'))) {
        text.remove_prefix(1);
    }
}

std::string_view take_while(std::string_view& text, bool (*holds)(char)) {
    const auto end = std::ranges::find_if_not(text, holds);
    const auto size = static_cast<std::size_t>(end - text.begin());
    const std::string_view taken = text.substr(0, size);
    text.remove_prefix(size);
    return taken;
}

/// Eighths of a byte, for bits; nothing for what is no unit.
std::optional<Wide> unit_of(std::string_view word) {
    std::string unit(word);
    for (char& c : unit) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    }
    std::string_view rest = unit;
    Wide eighths = 8;
    const auto power = rest.empty() ? rest.npos : kPrefixes.find(rest.front());
    if (power != rest.npos) {
        rest.remove_prefix(1);
        const bool binary = rest == "ib" || rest == "ibit";
        for (std::size_t i = 0; i <= power; ++i) eighths *= binary ? 1024 : 1000;
        if (rest.empty()) return eighths;
        if (binary) rest.remove_prefix(1);
    }
    if (rest == "b") return eighths;
    if (rest == "bit") return eighths / 8;
    return {};
}

enum class Wrong : std::uint8_t { nothing, number, unit, too_large };

/// `unit`: the word where the unit stands.
Wrong read(std::string_view text, std::int64_t& out, std::string_view& unit) {
    skip_space(text);
    const std::string_view whole = take_while(text, &is_digit);
    std::string_view fraction;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        fraction = take_while(text, &is_digit);
        if (fraction.empty()) return Wrong::number;
    }
    if (whole.empty() && fraction.empty()) return Wrong::number;
    skip_space(text);
    unit = take_while(text, &is_word);
    skip_space(text);
    if (!text.empty()) return Wrong::number;
    const auto eighths = unit.empty() ? std::optional<Wide>(8) : unit_of(unit);
    if (!eighths) return Wrong::unit;
    // Digits that are no whole eighth of the largest unit change nothing: they are cut off.
    std::string digits(whole.substr(std::min(whole.find_first_not_of('0'), whole.size())));
    if (digits.size() > kMostDigits + 1) return Wrong::too_large;
    Wide number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    Wide scale = 1;
    for (const char c : fraction.substr(0, kMostDigits)) {
        number = number * 10 + (c - '0');
        scale *= 10;
    }
    // Both parts apart, so that nothing outgrows 128 bits.
    const Wide bytes =
        number / scale * *eighths / 8 +
        (number / scale * *eighths % 8 * scale + number % scale * *eighths) / scale / 8;
    if (bytes > INT64_MAX) return Wrong::too_large;
    out = static_cast<std::int64_t>(bytes);
    return Wrong::nothing;
}

bool parse_text(std::string_view text, void* out, detail::TextFault& fault) {
    std::int64_t bytes = 0;
    std::string_view unit;
    switch (read(text, bytes, unit)) {
        case Wrong::nothing:
            *static_cast<ByteSize*>(out) = bytes;
            return true;
        case Wrong::number:
            fault = {"byte_size", "could not parse value and unit from byte string"};
            return false;
        case Wrong::unit: {
            std::string word(unit.substr(0, 20));  // a stranger's
            std::string ctx = R"({"unit":)";
            write_json_string(word, ctx);
            fault = {"byte_size_unit", "could not interpret byte unit: " + word, ctx + "}"};
            return false;
        }
        case Wrong::too_large:
            break;
    }
    fault = {"int_parsing_size",
             "Unable to parse input string as an integer, exceeded maximum size"};
    return false;
}

/// An integer, also as 3.0.
bool parse_number(std::string_view number, void* out, detail::TextFault& fault) {
    if (number.ends_with(".0")) number.remove_suffix(2);
    if (std::ranges::all_of(number, &is_digit)) return parse_text(number, out, fault);
    fault = {"byte_size", "could not parse value and unit from byte string"};
    return false;
}

}  // namespace

std::optional<ByteSize> ByteSize::parse(std::string_view text) {
    std::int64_t bytes = 0;
    std::string_view unit;
    if (read(text, bytes, unit) != Wrong::nothing) return {};
    return ByteSize(bytes);
}

std::string ByteSize::human_readable(bool decimal) const {
    const double step = decimal ? 1000 : 1024;
    double number = static_cast<double>(bytes_);
    if (number < step) return fmt::format("{}B", bytes_);
    std::size_t power = 0;
    for (number /= step; number >= step && power + 1 < kPrefixes.size(); number /= step) ++power;
    return fmt::format("{:.1f}{}{}", number, static_cast<char>(kPrefixes[power] - 32),
                       decimal ? "B" : "iB");
}

constinit const detail::TextDetails TypeTraits<ByteSize>::kText{
    .parse = &parse_text,
    .print =
        [](const void* value, std::string& out) {
            out += std::to_string(static_cast<const ByteSize*>(value)->bytes());
        },
    .schema =
        R"({"anyOf":[{"type":"string","pattern":"^\\s*(\\d*\\.?\\d+)\\s*(\\w+)?"},{"type":"integer","minimum":0}]})",
    .output_schema = R"({"type":"integer","minimum":0})",
    .wrong_type = "byte_size",
    .wrong_type_msg = "could not parse value and unit from byte string",
    .parse_number = &parse_number,
    .constrain =
        [](const Annotations& annotations, const void* value, detail::TextFault& fault) {
            return check_integer(annotations, static_cast<const ByteSize*>(value)->bytes(), fault);
        },
    .prints_number = true,
};

}  // namespace portico::model
