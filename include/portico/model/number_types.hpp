#pragma once

#include "portico/model/annotated.hpp"

namespace portico::model {

/// NaN and infinities are let through, from texts alone ("inf"): JSON has no numbers for them, and
/// they are written as null. Without it every number is finite. `Annotated<double, allow_inf_nan>`
struct AllowInfNan {
    static constexpr Fits kFits = Fits::reals;
    constexpr void apply(Annotations& to) const { to.allow_inf_nan = true; }
};
// NOLINTNEXTLINE(readability-identifier-naming): written as a function is.
inline constexpr AllowInfNan allow_inf_nan{};

using PositiveInt = Annotated<int, gt(0)>;
using NonNegativeInt = Annotated<int, ge(0)>;
using NegativeInt = Annotated<int, lt(0)>;
using NonPositiveInt = Annotated<int, le(0)>;

using PositiveFloat = Annotated<double, gt(0)>;
using NonNegativeFloat = Annotated<double, ge(0)>;
using NegativeFloat = Annotated<double, lt(0)>;
using NonPositiveFloat = Annotated<double, le(0)>;

}  // namespace portico::model
