#include "portico/model/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "model/constraints.hpp"
#include "model/numbers.hpp"

namespace portico::model {
namespace {

Wide power_of_ten(unsigned exponent) noexcept {
    Wide power = 1;
    while (exponent-- > 0) power *= 10;
    return power;
}

Wide magnitude_of(Wide value) noexcept {
    return value < 0 ? -value : value;
}

unsigned count_digits(Wide value) noexcept {
    unsigned digits = 1;
    for (value = magnitude_of(value); value >= 10; value /= 10) ++digits;
    return digits;
}

constexpr Wide kMost = [] {
    Wide power = 1;
    for (unsigned i = 0; i < Decimal::kMostDigits; ++i) power *= 10;
    return power - 1;
}();

/// Words that Python's Decimal takes for numbers.
bool is_not_finite(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    std::string word(text);
    for (char& c : word) c = static_cast<char>(c | 0x20);
    return word == "nan" || word == "inf" || word == "infinity";
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool read_decimal(std::string_view text, void* out, detail::TextFault& fault) {
    const auto decimal = Decimal::parse(text);
    if (decimal) {
        *static_cast<Decimal*>(out) = *decimal;
        return true;
    }
    fault = is_not_finite(text)
                ? detail::TextFault{"finite_number", "Input should be a finite number"}
                : detail::TextFault{"decimal_parsing", "Input should be a valid decimal"};
    return false;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) noexcept {
    constexpr std::string_view kSpace = " \t\n\r";
    const auto first = text.find_first_not_of(kSpace);
    if (first == text.npos) return {};
    text = text.substr(first, text.find_last_not_of(kSpace) - first + 1);

    const bool negative = text.front() == '-';
    if (negative || text.front() == '+') text.remove_prefix(1);
    const auto exponent_at = std::min(text.find_first_of("eE"), text.size());
    const std::string_view digits = text.substr(0, exponent_at);

    Decimal decimal;
    bool any = false;
    bool point = false;
    int scale = 0;
    for (const char c : digits) {
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(c)) return {};
        any = true;
        if (decimal.mantissa_ > kMost / 10) return {};
        decimal.mantissa_ = decimal.mantissa_ * 10 + (c - '0');
        if (decimal.mantissa_ > kMost) return {};
        if (point) ++scale;
        if (scale > static_cast<int>(kMostDigits)) return {};
    }
    if (!any) return {};
    if (exponent_at < text.size()) {
        std::string_view exponent_text = text.substr(exponent_at + 1);
        if (exponent_text.starts_with('+') && exponent_text.size() > 1 &&
            is_digit(exponent_text[1])) {
            exponent_text.remove_prefix(1);
        }
        int exponent = 0;
        const auto* end = exponent_text.data() + exponent_text.size();
        const auto parsed = std::from_chars(exponent_text.data(), end, exponent);
        if (parsed.ec != std::errc() || parsed.ptr != end) return {};
        if (exponent < -1000 || exponent > 1000) return {};
        scale -= exponent;
        for (; scale < 0 && decimal.mantissa_ != 0; ++scale) {
            if (decimal.mantissa_ > kMost / 10) return {};
            decimal.mantissa_ *= 10;
        }
        scale = std::max(scale, 0);
        if (scale > static_cast<int>(kMostDigits)) return {};
    }
    decimal.scale_ = static_cast<unsigned>(scale);
    if (negative) decimal.mantissa_ = -decimal.mantissa_;
    return decimal;
}

std::string Decimal::to_string() const {
    std::string digits;
    Mantissa rest = magnitude_of(mantissa_);
    do {
        digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
        rest /= 10;
    } while (rest != 0);
    while (digits.size() <= scale_) digits.push_back('0');
    if (mantissa_ < 0) digits.push_back('-');
    std::ranges::reverse(digits);
    if (scale_ > 0) digits.insert(digits.size() - scale_, 1, '.');
    return digits;
}

std::optional<std::int64_t> Decimal::scaled(unsigned scale) const noexcept {
    Mantissa units = mantissa_;
    unsigned from = scale_;
    for (; from > scale; --from) {
        if (units % 10 != 0) return {};
        units /= 10;
    }
    for (; from < scale && units != 0; ++from) {
        if (magnitude_of(units) > kMost / 10) return {};
        units *= 10;
    }
    if (units < INT64_MIN || units > INT64_MAX) return {};
    return static_cast<std::int64_t>(units);
}

double Decimal::to_double() const noexcept {
    return double_from(to_string()).value_or(0);
}

Decimal::Digits Decimal::digits(bool normalized) const noexcept {
    Mantissa units = mantissa_;
    unsigned places = scale_;
    while (normalized && places > 0 && units % 10 == 0) {
        units /= 10;
        --places;
    }
    return {std::max(count_digits(units), places), places};
}

bool Decimal::is_multiple_of(const Decimal& factor) const noexcept {
    if (factor.mantissa_ == 0) return false;
    // value/10^a is a multiple of factor/10^b when value·10^(b-a) is one of factor. Step by step,
    // by remainders, nothing outgrows 128 bits as long as the factor has fewer than 37 digits.
    Mantissa by = magnitude_of(factor.mantissa_);
    Mantissa rest = magnitude_of(mantissa_);
    for (unsigned scale = factor.scale_; scale < scale_; ++scale) {
        if (by > kMost / 10) return rest == 0;
        by *= 10;
    }
    rest %= by;
    for (unsigned scale = scale_; scale < factor.scale_; ++scale) rest = rest * 10 % by;
    return rest == 0;
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const noexcept {
    // The parts before the point first, then the fractions brought to one scale: both fit.
    const Mantissa unit = power_of_ten(scale_);
    const Mantissa other_unit = power_of_ten(other.scale_);
    const Mantissa whole = mantissa_ / unit;
    const Mantissa other_whole = other.mantissa_ / other_unit;
    if (whole != other_whole) return whole <=> other_whole;
    const Mantissa fraction = mantissa_ % unit * power_of_ten(kMostDigits - scale_);
    const Mantissa other_fraction =
        other.mantissa_ % other_unit * power_of_ten(kMostDigits - other.scale_);
    return fraction <=> other_fraction;
}

constinit const detail::TextDetails TypeTraits<Decimal>::kText{
    .parse = &read_decimal,
    .print = [](const void* value,
                std::string& out) { out += static_cast<const Decimal*>(value)->to_string(); },
    .schema = R"({"type":"number"})",
    .wrong_type = "decimal_type",
    .wrong_type_msg = "Decimal input should be an integer, float, string or Decimal object",
    .parse_number = &read_decimal,
    .constrain =
        [](const Annotations& annotations, const void* value, detail::TextFault& fault) {
            return check_decimal(annotations, *static_cast<const Decimal*>(value), fault);
        },
    .prints_number = true,
};

}  // namespace portico::model
