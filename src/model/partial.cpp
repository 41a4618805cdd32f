#include "portico/model/partial.hpp"

#include <algorithm>
#include <stdexcept>

#include "model/reader.hpp"

namespace portico::model::detail {
namespace {

bool is_set(std::uint64_t sent, std::size_t index) {
    return ((sent >> index) & 1) != 0;
}

[[noreturn]] void refuse(const Type& model, const Field& field, const Type& target,
                         const std::string& why) {
    throw std::logic_error("Partial<" + std::string(model.name) + ">::apply_to(" +
                           std::string(target.name) + "): member '" + std::string(field.name) +
                           "' " + why);
}

/// Replaces the object at `to`; nothing is lost when the copy fails.
void assign(const Type& type, void* to, const void* from) {
    Temporary copied(type);
    type.destroy(copied.get());
    try {
        type.copy(copied.get(), from);
    } catch (...) {
        type.construct(copied.get());
        throw;
    }
    type.destroy(to);
    type.move(to, copied.get());
}

}  // namespace

std::uint64_t sent_bit(const Type& model, std::size_t offset) {
    const auto fields = fields_of(model);
    const auto at = std::ranges::find(fields, offset, &Field::offset);
    if (at == fields.end()) {
        throw std::logic_error("Partial<" + std::string(model.name) +
                               ">: this is no member that is sent or not");
    }
    return std::uint64_t{1} << (at - fields.begin());
}

std::vector<std::string_view> sent_names(const Type& model, std::uint64_t sent) {
    std::vector<std::string_view> names;
    const auto fields = fields_of(model);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (is_set(sent, i)) names.push_back(fields[i].name);
    }
    return names;
}

void apply_sent(const Type& model, const void* object, std::uint64_t sent, const Type& target_model,
                void* target) {
    const auto fields = fields_of(model);
    const auto targets = fields_of(target_model);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!is_set(sent, i)) continue;
        const Field& field = fields[i];
        const auto other = std::ranges::find(targets, field.name, &Field::name);
        if (other == targets.end()) refuse(model, field, target_model, "is not there");
        const Type* type = field.slot.type;
        const Type* other_type = other->slot.type;
        const void* from = member(object, field);
        void* to = member(target, *other);
        if (type != other_type && type->kind == Kind::optional) {
            const auto& details = details_of<OptionalDetails>(*type);
            from = details.get(from);
            type = details.item.type;
            if (from == nullptr) {
                if (other_type->kind == Kind::optional) {
                    details_of<OptionalDetails>(*other_type).reset(to);
                }
                continue;
            }
        }
        if (type != other_type && other_type->kind == Kind::optional) {
            const auto& details = details_of<OptionalDetails>(*other_type);
            other_type = details.item.type;
            if (type == other_type) to = details.emplace(to);
        }
        if (type != other_type) {
            refuse(model, field, target_model,
                   "is a " + std::string(type->name) + " here and a " +
                       std::string(other_type->name) + " there");
        }
        if (type->copy == nullptr) refuse(model, field, target_model, "can't be copied");
        assign(*type, to, from);
    }
}

}  // namespace portico::model::detail
