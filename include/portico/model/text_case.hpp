#pragma once

#include "portico/model/constraints.hpp"

namespace portico::model {

// NOLINTBEGIN(readability-identifier-naming): they are written as functions are.

/// White space (ASCII) around a text is taken off before anything else is looked at.
/// `Annotated<std::string, strip_whitespace, min_length(1)> name;`
struct StripWhitespace {
    static constexpr Fits kFits = Fits::strings;
    constexpr void apply(Annotations& to) const { to.strip_whitespace = true; }
};
inline constexpr StripWhitespace strip_whitespace{};

/// ASCII letters are kept in lower case; what was sent is checked before, `pattern` too.
struct ToLower {
    static constexpr Fits kFits = Fits::strings;
    constexpr void apply(Annotations& to) const { to.to_lower = true; }
};
inline constexpr ToLower to_lower{};

/// ASCII letters are kept in upper case; what was sent is checked before, `pattern` too.
struct ToUpper {
    static constexpr Fits kFits = Fits::strings;
    constexpr void apply(Annotations& to) const { to.to_upper = true; }
};
inline constexpr ToUpper to_upper{};

// NOLINTEND(readability-identifier-naming)

}  // namespace portico::model
