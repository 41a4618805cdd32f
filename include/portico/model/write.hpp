#pragma once

#include <string>
#include <string_view>

#include "portico/model/slot_of.hpp"
#include "portico/model/type.hpp"

namespace portico::model {

/// Appends the value as JSON to `out`: members in declaration order under their aliases, shortest
/// round-trip doubles, invalid UTF-8 replaced by U+FFFD. NaN and infinities are null. Never fails.
void write_json(Slot slot, const void* value, std::string& out);

template <class T>
[[nodiscard]] std::string to_json(const T& value) {
    std::string out;
    write_json(slot_of<T>(), &value, out);
    return out;
}

/// Appends a JSON string with its quotes: control characters, quotes and backslashes escaped.
void write_json_string(std::string_view text, std::string& out);

}  // namespace portico::model
