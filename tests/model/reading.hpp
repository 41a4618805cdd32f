#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "portico/model/read.hpp"
#include "portico/model/write.hpp"

namespace portico::model {

/// What a type makes of a JSON text: the value written again, or its faults.
template <class T>
std::string read(std::string_view json) {
    const auto value = read_json<T>(json);
    return value ? to_json(*value) : value.error().to_json();
}

/// The first fault as "type: message | ctx | input", or the value written again.
template <class T>
std::string verdict(std::string_view json) {
    const auto value = read_json<T>(json);
    if (value) return to_json(*value);
    const Fault& fault = value.error().list().front();
    return fault.type + ": " + fault.msg + " | " + fault.ctx + " | " + fault.input;
}

/// The same of a text form, such as a parameter's.
template <class T>
std::string text_verdict(std::string_view text) {
    T value{};
    Faults faults;
    if (read_text({&text, 1}, slot_of<T>(), &value, Location("q"), faults)) return to_json(value);
    const Fault& fault = faults.list().front();
    return fault.type + ": " + fault.msg + " | " + fault.ctx + " | " + fault.input;
}

/// A row of a table of what types make of texts: `read` is one of the functions above.
struct Case {
    const char* what;
    std::string (*read)(std::string_view);
    const char* input;
    const char* expected;
};

inline void PrintTo(const Case& each, std::ostream* out) {
    *out << each.what << ' ' << each.input;
}

}  // namespace portico::model
