#include <set>

#include "model/tags.hpp"
#include "portico/model/annotations.hpp"
#include "portico/model/details.hpp"

namespace portico::model {
namespace {

using detail::details_of;

class Preparation {
public:
    void slot(Slot slot) {
        if (slot.annotations != nullptr) {
            if (slot.annotations->pattern != nullptr) slot.annotations->pattern->compile();
            if (slot.annotations->discriminator != nullptr) tag_table(slot);
        }
        if (seen_.insert(slot.type).second) type(*slot.type);
    }

private:
    void type(const Type& type) {
        switch (type.kind) {
            case Kind::optional:
                return slot(details_of<detail::OptionalDetails>(type).item);
            case Kind::array:
                return slot(details_of<detail::ArrayDetails>(type).item);
            case Kind::map:
                slot(details_of<detail::MapDetails>(type).key);
                return slot(details_of<detail::MapDetails>(type).value);
            case Kind::tuple:
                for (const Slot& each : details_of<detail::TupleDetails>(type).items) slot(each);
                return;
            case Kind::variant:
                for (const Slot& each : details_of<detail::VariantDetails>(type).alternatives) {
                    slot(each);
                }
                return;
            case Kind::object:
            case Kind::partial:
                return model(detail::table_of(type));
            default:
                return;
        }
    }

    void model(const detail::ModelTable& table) {
        for (const Field& field : table.fields) slot(field.slot);
        for (const auto& computed : table.computed) slot(computed.raw.slot);
        if (table.extras.type != nullptr) slot(table.extras);
    }

    /// The annotations of an optional are those of its value.
    static void tag_table(Slot slot) {
        while (slot.type->kind == Kind::optional) {
            slot.type = details_of<detail::OptionalDetails>(*slot.type).item.type;
        }
        static_cast<void>(tags_of(slot));
    }

    std::set<const Type*> seen_;
};

}  // namespace

void prepare(Slot slot) {
    Preparation().slot(slot);
}

}  // namespace portico::model
