#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/model/fault.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/type.hpp"

namespace portico::model {

/// Reads one JSON text into `out`, an object that `slot.type->construct` has made, and validates
/// it.
///
/// The text is walked to its end, ignored members too: a text that is not JSON (RFC 8259), or
/// nested deeper than 100, adds the fault `json_invalid` at `{root, offset}` and nothing else.
/// False when a fault was added; `out` is then valid but unspecified. Thread-safe.
[[nodiscard]] bool read_json(std::string_view json, Slot slot, void* out, const Location& root,
                             Faults& faults);

/// A member of a JSON object, its value as the text that was sent.
struct JsonMember {
    std::string name;
    std::string_view json;
};

/// The members of a JSON object, for what is read member by member, as they were sent: of those of
/// one name the last counts. A value of another kind has none. What is not JSON is a fault and
/// false, as with `read_json`.
[[nodiscard]] bool split_json(std::string_view json, std::vector<JsonMember>& members,
                              const Location& root, Faults& faults);

/// Reads a parameter, form field or setting from its text form or forms: one value of a list for
/// each text; of several texts for a single value the last counts. Lax as Pydantic is with text:
/// "1", "true", "on" are true, " 7 ", "+7" and "7.0" are the integer 7. Maps and models have no
/// text form: a fault. Same results and rules as `read_json`.
[[nodiscard]] bool read_text(std::span<const std::string_view> texts, Slot slot, void* out,
                             const Location& at, Faults& faults);

/// Keeps what was sent under a name that a model (`Extra::allow`) does not know where it keeps its
/// extras: one text is a string, of a `Json` several are a list. Same results as `read_text`.
[[nodiscard]] bool read_extra(std::string_view name, std::span<const std::string_view> texts,
                              const Type& model, void* object, const Location& at, Faults& faults);

/// For tests, tools and settings: `read_json<ItemCreate>(text)`.
template <class T>
[[nodiscard]] std::expected<T, Faults> read_json(std::string_view json) {
    T value;
    Faults faults;
    if (!read_json(json, slot_of<T>(), &value, Location("body"), faults)) {
        return std::unexpected(std::move(faults));
    }
    return value;
}

}  // namespace portico::model
