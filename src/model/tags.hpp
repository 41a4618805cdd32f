#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "portico/model/type.hpp"

namespace portico::model {

/// Which alternative of a variant each value of its discriminator means, in the order of the
/// alternatives.
struct TagTable {
    struct Tag {
        std::string text;
        std::size_t alternative;
        bool is_number = false;
    };

    std::string_view alias;  ///< As the discriminator is sent.
    std::vector<Tag> tags;

    [[nodiscard]] std::optional<std::size_t> find(std::string_view tag) const;
    /// "'cat', 'dog'", numbers without quotes.
    [[nodiscard]] std::string expected() const;
};

/// Of a slot of kind variant whose annotations have a discriminator. Made once; throws
/// std::logic_error when an alternative has no such member, or one that is no constant.
[[nodiscard]] const TagTable& tags_of(Slot slot);

}  // namespace portico::model
