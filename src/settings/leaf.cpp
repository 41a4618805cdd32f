#include "settings/leaf.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "portico/model/details.hpp"
#include "portico/model/echo.hpp"

namespace portico::settings::detail {
namespace {

using model::Kind;
using model::Slot;
using model::detail::details_of;

bool is_written_as_json(Kind kind) noexcept {
    return kind == Kind::array || kind == Kind::tuple || kind == Kind::map ||
           kind == Kind::object || kind == Kind::variant || kind == Kind::partial ||
           kind == Kind::any || kind == Kind::raw;
}

std::string option_of(std::string_view field) {
    std::string option = to_lower(field);
    std::ranges::replace(option, '_', '-');
    return option;
}

void add_members(const Group& group, bool required, Layout& layout) {
    for (const model::Field& member : model::fields_of(*group.slot.type)) {
        const std::string name(member.alias);
        const bool top = group.field.empty();
        const std::string field = top ? name : group.field + '.' + name;
        const std::string variable = group.variable + (top ? "" : "__") + to_upper(name);
        const std::size_t offset = group.offset + member.offset;
        if (member.slot.type->kind == Kind::object) {
            const Group inner{field, variable, member.slot, offset};
            layout.groups.push_back(inner);
            add_members(inner, required && member.required, layout);
            continue;
        }
        layout.leaves.push_back({
            .field = field,
            .variable = variable,
            .option = option_of(field),
            .slot = member.slot,
            .offset = offset,
            .required = required && member.required,
            .secret = model::has_secret(*member.slot.type),
            .json = is_written_as_json(without_optional(member.slot).type->kind),
        });
    }
}

}  // namespace

Slot without_optional(Slot slot) noexcept {
    while (slot.type->kind == Kind::optional) {
        const Slot item = details_of<model::detail::OptionalDetails>(*slot.type).item;
        slot = {item.type, item.annotations != nullptr ? item.annotations : slot.annotations};
    }
    return slot;
}

Layout layout_of(const model::Type& settings, std::string_view env_prefix) {
    Layout layout;
    layout.groups.push_back({"", to_upper(env_prefix), {&settings, nullptr}, 0});
    add_members(Group(layout.groups.front()), true, layout);
    return layout;
}

std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return lower;
}

std::string to_upper(std::string_view text) {
    std::string upper(text);
    for (char& c : upper) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
    return upper;
}

}  // namespace portico::settings::detail
