#include "portico/model/unscanned.hpp"

#include <set>

#include "model/inner_slots.hpp"
#include "portico/model/annotations.hpp"
#include "portico/model/details.hpp"

namespace portico::model {
namespace {

class Names {
public:
    void add_of(const Type& type) {
        for (const Slot& slot : inner_slots(type)) add_of(*slot.type);
        if (type.kind != Kind::object && type.kind != Kind::partial) return;
        if (!seen_.insert(&type).second) return;
        const detail::ModelTable& table = detail::table_of(type);
        for (std::size_t i = 0; i < table.fields.size(); ++i) {
            const Field& field = table.fields[i];
            add_of(*field.slot.type);
            if (!is_unscanned(field.slot)) continue;
            names.insert(std::string(field.alias));
            for (const auto& choice : table.choices) {
                // Of a JSON Pointer the last part is the name of the value.
                if (choice.field == i) {
                    names.insert(std::string(choice.name.substr(choice.name.rfind('/') + 1)));
                }
            }
        }
    }

    std::set<std::string> names;

private:
    std::set<const Type*> seen_;
};

}  // namespace

bool is_unscanned(const Slot& slot) {
    const Type& type = *slot.type;
    if (slot.annotations != nullptr && slot.annotations->unscanned) return true;
    if (type.kind == Kind::text && detail::details_of<detail::TextDetails>(type).is_secret) {
        return true;
    }
    for (const Slot& inner : inner_slots(type)) {
        if (is_unscanned(inner)) return true;
    }
    return false;
}

std::vector<std::string> unscanned_names(const Type& type) {
    Names found;
    found.add_of(type);
    return {found.names.begin(), found.names.end()};
}

}  // namespace portico::model
