#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "portico/core/arena.hpp"
#include "portico/guard/guard_middleware.hpp"

namespace portico::guard {

/// Whether a body, a urlencoded form or a JSON object, fills in one of the fields that people
/// don't see.
[[nodiscard]] bool fills_honeypot(std::string_view content_type, std::string_view body,
                                  const std::vector<std::string>& fields, core::Arena& arena);

}  // namespace portico::guard
