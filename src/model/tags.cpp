#include "model/tags.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "model/enums.hpp"
#include "model/reader.hpp"
#include "portico/model/member_options.hpp"
#include "portico/model/write.hpp"

namespace portico::model {
namespace {

using detail::details_of;

[[noreturn]] void refuse(const Type& alternative, std::string_view member, const char* why) {
    throw std::logic_error("discriminator(\"" + std::string(member) +
                           "\"): " + std::string(alternative.name) + " " + why);
}

/// A string without its quotes; other constants as JSON has them.
std::string tag_text(const Json& value) {
    return value.is_string() ? std::string(value.as_string()) : value.dump();
}

/// What the member is in an object that nobody has written to: its constant.
std::string default_of(const Type& model, const Field& field) {
    Temporary object(model);
    std::string json;
    write_json(field.slot, member(object.get(), field), json);
    return tag_text(Json::parse(json).value_or(Json()));
}

void add_tags(const Type& alternative, std::size_t index, std::string_view member,
              TagTable& table) {
    if (alternative.kind == Kind::variant) {
        // Each of its own alternatives is told apart by this member too.
        for (const Slot& each : details_of<detail::VariantDetails>(alternative).alternatives) {
            add_tags(*each.type, index, member, table);
        }
        return;
    }
    if (alternative.kind != Kind::object) refuse(alternative, member, "is no model");
    const auto fields = fields_of(alternative);
    const auto field = std::ranges::find(fields, member, &Field::name);
    if (field == fields.end()) refuse(alternative, member, "has no such member");
    if (table.alias.empty()) table.alias = field->alias;
    if (table.alias != field->alias) {
        refuse(alternative, member, "has another alias for it than the first alternative");
    }
    const auto add = [&](std::string tag, bool is_number = false) {
        const auto known = table.find(tag);
        if (known && *known != index) {
            refuse(alternative, member, "has the value of another alternative there");
        }
        if (!known) table.tags.push_back({std::move(tag), index, is_number});
    };
    const Type& type = *field->slot.type;
    if (type.kind == Kind::enumerator && details_of<detail::EnumDetails>(type).is_literal) {
        const bool by_value = details_of<detail::EnumDetails>(type).by_value;
        for (const EnumValue& each : enum_values(type)) {
            add(by_value ? std::to_string(each.value) : std::string(each.name), by_value);
        }
        return;
    }
    if (field->required) {
        refuse(alternative, member,
               "has no constant there: write Literal<\"…\"> or a default, kind = Kind::cat");
    }
    add(default_of(alternative, *field));
}

}  // namespace

std::optional<std::size_t> TagTable::find(std::string_view tag) const {
    const auto found = std::ranges::find(tags, tag, &Tag::text);
    if (found == tags.end()) return std::nullopt;
    return found->alternative;
}

std::string TagTable::expected() const {
    std::string list;
    for (const Tag& each : tags) {
        if (!list.empty()) list += ", ";
        list += each.is_number ? each.text : "'" + each.text + "'";
    }
    return list;
}

const TagTable& tags_of(Slot slot) {
    Discriminator& discriminator = *slot.annotations->discriminator;
    if (const void* made = discriminator.tags.load(std::memory_order_acquire)) {
        return *static_cast<const TagTable*>(made);
    }
    auto table = std::make_unique<TagTable>();
    const auto alternatives = details_of<detail::VariantDetails>(*slot.type).alternatives;
    for (std::size_t i = 0; i < alternatives.size(); ++i) {
        add_tags(*alternatives[i].type, i, discriminator.member, *table);
    }
    const void* expected = nullptr;
    // Lives as long as the program, as the tables of models do.
    if (discriminator.tags.compare_exchange_strong(expected, table.get(),
                                                   std::memory_order_acq_rel)) {
        return *table.release();
    }
    return *static_cast<const TagTable*>(expected);
}

}  // namespace portico::model
