#pragma once

#include <string>
#include <vector>

#include "portico/model/slot_of.hpp"
#include "portico/model/type.hpp"

namespace portico::model {

/// Which members of models are written, and under which names.
///
///     to_json(user, {.exclude = {"password", "address.street"}, .exclude_none = true});
///
/// What was not sent is told apart in a `Partial<T>` alone, which never writes it.
struct WriteOptions {
    /// Members to write, and all below them; empty: all. By their own names, "items.price" below
    /// others: lists, maps and optionals on the way have no step of their own.
    std::vector<std::string> include = {};
    std::vector<std::string> exclude = {};  ///< Members not to write, included ones too.
    bool by_alias = true;                   ///< False: members have their own names.
    bool exclude_defaults = false;          ///< Not those that are what they are by default.
    bool exclude_none = false;              ///< Not those that are null.

    [[nodiscard]] bool operator==(const WriteOptions&) const = default;
};

/// Appends the value as JSON, as `write_json` does. Slower: for what the options leave out, members
/// are looked at one by one.
void write_json(Slot slot, const void* value, const WriteOptions& options, std::string& out);

template <class T>
[[nodiscard]] std::string to_json(const T& value, const WriteOptions& options) {
    std::string out;
    write_json(slot_of<T>(), &value, options, out);
    return out;
}

}  // namespace portico::model
