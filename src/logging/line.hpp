#pragma once

#include <string>

#include "portico/logging/logging.hpp"

namespace portico::logging::detail {

inline constexpr std::size_t kMostMessageBytes = 8192;

/// Appends the record as one line, its newline included.
void append_line(const Record& record, Format format, std::string& out);

/// A field's value as text, not escaped: "8000", "true", "null".
void append_value(const Field& field, std::string& out);

}  // namespace portico::logging::detail
