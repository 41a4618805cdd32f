#pragma once

#include <string>
#include <vector>

#include "portico/model/type.hpp"

namespace portico::model {

/// The names under which the members that are annotated `unscanned`, and secrets, are sent, of all
/// models that the type is made of, however deep.
[[nodiscard]] std::vector<std::string> unscanned_names(const Type& type);

/// Whether a value is annotated so or a secret, or the values that it holds are.
[[nodiscard]] bool is_unscanned(const Slot& slot);

}  // namespace portico::model
