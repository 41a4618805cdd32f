#include "model/numbers.hpp"

#include <charconv>
#include <cmath>

namespace portico::model {
namespace {

template <class Real>
void append_real(Real value, std::string& out) {
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    char buffer[64];
    const Real magnitude = std::fabs(value);
    const bool fixed = magnitude == 0 || (magnitude >= Real(1e-4) && magnitude < Real(1e16));
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value,
                                   fixed ? std::chars_format::fixed : std::chars_format::scientific)
                         .ptr;
    const std::string_view text{buffer, static_cast<std::size_t>(end - buffer)};
    out += text;
    if (fixed && text.find('.') == text.npos) out += ".0";
}

template <class Real>
std::optional<Real> real_from(std::string_view text) noexcept {
    Real value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size() || error == std::errc::invalid_argument) return {};
    if (error == std::errc::result_out_of_range) {
        // Too large or too small: the exponent, or else the digits before the point, tells.
        const auto exponent = text.find_first_of("eE");
        const bool tiny = exponent != text.npos ? text[exponent + 1] == '-'
                                                : text.find_first_of("123456789") > text.find('.');
        const Real sign = text.starts_with('-') ? Real(-1) : Real(1);
        return tiny ? std::copysign(Real(0), sign) : std::copysign(Real(INFINITY), sign);
    }
    return value;
}

}  // namespace

void append_double(double value, std::string& out) {
    append_real(value, out);
}
void append_float(float value, std::string& out) {
    append_real(value, out);
}

Wide wide(const Number& integer) noexcept {
    if (integer.kind == Number::Kind::unsigned_integer) {
        return static_cast<std::uint64_t>(integer.integer);
    }
    return integer.integer;
}

std::string bound_text(const Number& bound) {
    std::string text = bound_json(bound, false);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text;
}

std::string bound_json(const Number& bound, bool as_real) {
    std::string text;
    switch (bound.kind) {
        case Number::Kind::none:
            return "null";
        case Number::Kind::real:
            append_double(bound.real, text);
            return text;
        case Number::Kind::integer:
            text = std::to_string(bound.integer);
            break;
        case Number::Kind::unsigned_integer:
            text = std::to_string(static_cast<std::uint64_t>(bound.integer));
            break;
    }
    if (as_real) text += ".0";
    return text;
}

std::optional<double> double_from(std::string_view text) noexcept {
    return real_from<double>(text);
}
std::optional<float> float_from(std::string_view text) noexcept {
    return real_from<float>(text);
}

}  // namespace portico::model
