#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "portico/model/type.hpp"

namespace portico::settings::detail {

/// A field that takes a value: a member of the settings, or of a struct in them.
struct Leaf {
    std::string field;     ///< "guard.rate_limit"
    std::string variable;  ///< "GUARD__RATE_LIMIT", with the prefix.
    std::string option;    ///< "guard.rate-limit"
    model::Slot slot;
    std::size_t offset;  ///< From the start of the settings.
    bool required;
    bool secret;  ///< It, or something in it, is a secret.
    bool json;    ///< Written as JSON outside.
};

/// A struct in the settings: it takes no value itself.
struct Group {
    std::string field;
    std::string variable;
    model::Slot slot;
    std::size_t offset;
};

struct Layout {
    std::vector<Leaf> leaves;   ///< In declaration order.
    std::vector<Group> groups;  ///< The settings themselves first, under an empty name.
};

[[nodiscard]] Layout layout_of(const model::Type& settings, std::string_view env_prefix);

/// The slot of the value in an optional, or the slot itself.
[[nodiscard]] model::Slot without_optional(model::Slot slot) noexcept;

[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] std::string to_upper(std::string_view text);

}  // namespace portico::settings::detail
