#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "portico/model/annotations.hpp"

namespace portico::model {

__extension__ using Wide = __int128;

/// As Python prints it: 1.0, 0.1, 1e+16, 1.5e-07; a float the shortest that reads back as the same
/// float. NaN and infinities are "null".
void append_double(double value, std::string& out);
void append_float(float value, std::string& out);

/// The bound of a constraint as a message shows it: 3.0 is "3".
[[nodiscard]] std::string bound_text(const Number& bound);
/// As a fault's `ctx` and a schema show it; `as_real` for a bound of floating point: "3.0".
[[nodiscard]] std::string bound_json(const Number& bound, bool as_real);

/// A double from decimal text; none when the text is no number, an infinity when it is too large.
[[nodiscard]] std::optional<double> double_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<float> float_from(std::string_view text) noexcept;

[[nodiscard]] Wide wide(const Number& integer) noexcept;

}  // namespace portico::model
