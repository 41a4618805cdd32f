#pragma once

#include <string>
#include <string_view>

#include "portico/model/type.hpp"

namespace portico::model {

/// Whether a value of the type is, or may hold, a `SecretString`.
[[nodiscard]] bool has_secret(const Type& type);

/// The `input` of a fault: the value, which is valid JSON, without space and at most 100 bytes; a
/// longer one is a JSON string of its beginning. Secrets of the slot are "**********", and what
/// stands beside a secret in the same object without belonging to the model is too: it may be the
/// secret under a misspelt name.
[[nodiscard]] std::string echo_json(Slot slot, std::string_view json);

/// The same of a text.
[[nodiscard]] std::string echo_text(Slot slot, std::string_view text);

}  // namespace portico::model
