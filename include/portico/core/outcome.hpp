#pragma once

#include <cstdint>

namespace portico::core {

/// How a request ended, as its dependencies' `finish` is told: `failure` when an exception left
/// the handler or a dependency, or the request did not validate.
enum class Outcome : std::uint8_t { success, failure };

}  // namespace portico::core
