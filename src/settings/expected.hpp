#pragma once

#include <string>
#include <string_view>

#include "portico/model/fault.hpp"
#include "settings/leaf.hpp"

namespace portico::settings::detail {

/// "a number in 1–65535", "true or false", "a text of at least 32 characters", "a JSON list".
[[nodiscard]] std::string expected(model::Slot slot);

/// `expected a number in 1–65535, got "80a"`; of a secret never the value.
[[nodiscard]] std::string describe(const Leaf& leaf, const model::Fault& fault,
                                   std::string_view text);

/// The value for a message: quoted, escaped, cut to 100 bytes, without the password of a URL.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace portico::settings::detail
