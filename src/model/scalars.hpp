#pragma once

#include <cstdint>
#include <string_view>

#include "model/constraints.hpp"
#include "model/scanner.hpp"
#include "portico/model/type.hpp"

namespace portico::model {

/// A value of the input that is neither array nor object, or the news that it is one.
struct Scalar {
    enum class Kind : std::uint8_t { null, boolean, number, string, container };

    Kind kind = Kind::null;
    bool truth = false;
    bool plain = false;           ///< A string that is known to hold no control character.
    bool lone_surrogate = false;  ///< Of a string.
    bool bare = false;            ///< A string that may stand for a number: a parameter, a key.
    std::string_view text = {};   ///< A number as written, a string unescaped.
    Scanner::Number number = {};
};

/// Reads a scalar into a slot of kind boolean to enumerator, and checks the constraints. False: the
/// problem says why. `inexact` is set when the value is right but of another kind: 1 for a double.
[[nodiscard]] bool read_scalar(Slot slot, const Scalar& input, void* out, bool is_strict,
                               bool& inexact, Problem& problem);

/// A text that may be kept: no U+0000, no half characters.
[[nodiscard]] bool check_characters(const Scalar& input, Problem& problem);

}  // namespace portico::model
