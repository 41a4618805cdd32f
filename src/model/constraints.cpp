#include "model/constraints.hpp"

#include <cmath>
#include <compare>

#include "model/scanner.hpp"
#include "portico/model/write.hpp"

namespace portico::model {
namespace {

std::string plural(std::string_view word, std::size_t count) {
    std::string out = std::to_string(count) + " ";
    out += word;
    if (count != 1) out += 's';
    return out;
}

std::string ctx(std::string_view key, std::string_view json) {
    return "{\"" + std::string(key) + "\":" + std::string(json) + "}";
}

std::partial_ordering order(Wide value, const Number& bound) {
    if (bound.kind != Number::Kind::real) return value <=> wide(bound);
    return static_cast<long double>(value) <=> static_cast<long double>(bound.real);
}

std::partial_ordering order(double value, const Number& bound) {
    if (bound.kind == Number::Kind::real) return value <=> bound.real;
    // Up to 53 bits the bound is a double too.
    constexpr std::int64_t kExact = std::int64_t{1} << 53;
    if (bound.integer >= -kExact && bound.integer <= kExact) {
        return value <=> static_cast<double>(bound.integer);
    }
    return static_cast<long double>(value) <=> static_cast<long double>(wide(bound));
}

Decimal decimal_from(const Number& number) {
    return Decimal::parse(bound_text(number)).value_or(Decimal());
}

std::partial_ordering order(const Decimal& value, const Number& bound) {
    return value <=> decimal_from(bound);
}

bool is_multiple(Wide value, const Number& factor) {
    if (factor.kind != Number::Kind::real) return value % wide(factor) == 0;
    return std::fmod(static_cast<double>(value), factor.real) == 0;
}

bool is_multiple(double value, const Number& factor) {
    const double by =
        factor.kind == Number::Kind::real ? factor.real : static_cast<double>(wide(factor));
    // 0.3 is a multiple of 0.1, whatever binary makes of both: Pydantic's tolerance.
    const double rest = std::fabs(std::fmod(value, by));
    const double tolerance = std::fabs(value) / 1e9;
    return rest <= tolerance || std::fabs(rest - by) <= tolerance;
}

bool is_multiple(const Decimal& value, const Number& factor) {
    return value.is_multiple_of(decimal_from(factor));
}

template <class Value>
bool check_bounds(const Annotations& a, const Value& value, bool as_real, Problem& problem) {
    if (a.multiple_of && !is_multiple(value, a.multiple_of)) {
        problem = {"multiple_of", "Input should be a multiple of " + bound_text(a.multiple_of),
                   ctx("multiple_of", bound_json(a.multiple_of, as_real))};
    } else if (a.le && order(value, a.le) > 0) {
        problem = out_of_bound("less_than_equal", a.le, as_real);
    } else if (a.lt && order(value, a.lt) >= 0) {
        problem = out_of_bound("less_than", a.lt, as_real);
    } else if (a.ge && order(value, a.ge) < 0) {
        problem = out_of_bound("greater_than_equal", a.ge, as_real);
    } else if (a.gt && order(value, a.gt) <= 0) {
        problem = out_of_bound("greater_than", a.gt, as_real);
    } else {
        return true;
    }
    return false;
}

}  // namespace

Problem detail::parse_fault(std::string_view type, std::string_view what, std::string_view error) {
    std::string quoted;
    write_json_string(error, quoted);
    return {std::string(type), std::string(what) + std::string(error), ctx("error", quoted)};
}

Problem out_of_bound(std::string_view type, const Number& bound, bool as_real) {
    const bool less = type.starts_with("less");
    const bool equal = type.ends_with("equal");
    std::string msg = less ? "Input should be less than " : "Input should be greater than ";
    if (equal) msg += "or equal to ";
    msg += bound_text(bound);
    const char key[] = {less ? 'l' : 'g', equal ? 'e' : 't'};
    return {std::string(type), std::move(msg), ctx({key, 2}, bound_json(bound, as_real))};
}

bool check_integer(const Annotations& annotations, Wide value, Problem& problem) {
    return check_bounds(annotations, value, false, problem);
}

bool check_real(const Annotations& annotations, double value, Problem& problem) {
    return check_bounds(annotations, value, true, problem);
}

bool check_decimal(const Annotations& a, const Decimal& value, Problem& problem) {
    const auto written = value.digits(false);
    const auto normal = value.digits(true);
    if (a.max_digits != Annotations::kUnbounded && written.total > a.max_digits &&
        normal.total > a.max_digits) {
        problem = {
            "decimal_max_digits",
            "Decimal input should have no more than " + plural("digit", a.max_digits) + " in total",
            ctx("max_digits", std::to_string(a.max_digits))};
        return false;
    }
    if (a.decimal_places != Annotations::kUnbounded) {
        if (written.places > a.decimal_places && normal.places > a.decimal_places) {
            problem = {"decimal_max_places",
                       "Decimal input should have no more than " +
                           plural("decimal place", a.decimal_places),
                       ctx("decimal_places", std::to_string(a.decimal_places))};
            return false;
        }
        if (a.max_digits != Annotations::kUnbounded) {
            const std::size_t whole =
                a.max_digits > a.decimal_places ? a.max_digits - a.decimal_places : 0;
            if (normal.total > whole + normal.places) {
                problem = {"decimal_whole_digits",
                           "Decimal input should have no more than " + plural("digit", whole) +
                               " before the decimal point",
                           ctx("whole_digits", std::to_string(whole))};
                return false;
            }
        }
    }
    return check_bounds(a, value, false, problem);
}

bool check_text(const Annotations& a, std::string_view text, Problem& problem) {
    // A character has one to four bytes: mostly the number of bytes tells.
    if (text.size() < 4 * a.min_length || text.size() > a.max_length) {
        const std::size_t length = count_code_points(text);
        if (length < a.min_length) {
            problem = {"string_too_short",
                       "String should have at least " + plural("character", a.min_length),
                       ctx("min_length", std::to_string(a.min_length))};
            return false;
        }
        if (length > a.max_length) {
            problem = {"string_too_long",
                       "String should have at most " + plural("character", a.max_length),
                       ctx("max_length", std::to_string(a.max_length))};
            return false;
        }
    }
    if (a.pattern != nullptr && !a.pattern->found_in(text)) {
        std::string quoted;
        write_json_string(a.pattern->text(), quoted);
        problem = {"string_pattern_mismatch",
                   "String should match pattern '" + std::string(a.pattern->text()) + "'",
                   ctx("pattern", quoted)};
        return false;
    }
    return true;
}

Problem value_error(std::string_view sentence) {
    return {"value_error", "Value error, " + std::string(sentence), R"({"error":{}})"};
}

bool run_check(Slot slot, void* value, Problem& problem) {
    const auto sentence = slot.annotations->check(value);
    if (sentence) problem = value_error(*sentence);
    return !sentence;
}

Problem too_few(std::string_view what, std::size_t least, std::size_t count) {
    return {"too_short",
            std::string(what) + " should have at least " + plural("item", least) +
                " after validation, not " + std::to_string(count),
            R"({"field_type":")" + std::string(what) + R"(","min_length":)" +
                std::to_string(least) + R"(,"actual_length":)" + std::to_string(count) + "}"};
}

Problem too_many(std::string_view what, std::size_t most, std::size_t count) {
    return {"too_long",
            std::string(what) + " should have at most " + plural("item", most) +
                " after validation, not " + (count == 0 ? "more" : std::to_string(count)),
            R"({"field_type":")" + std::string(what) + R"(","max_length":)" + std::to_string(most) +
                R"(,"actual_length":)" + (count == 0 ? "null" : std::to_string(count)) + "}"};
}

}  // namespace portico::model
