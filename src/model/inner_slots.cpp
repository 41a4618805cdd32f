#include "model/inner_slots.hpp"

#include "portico/model/details.hpp"

namespace portico::model {

std::vector<Slot> inner_slots(const Type& type) {
    using namespace detail;
    switch (type.kind) {
        case Kind::optional:
            return {details_of<OptionalDetails>(type).item};
        case Kind::array:
            return {details_of<ArrayDetails>(type).item};
        case Kind::map:
            return {details_of<MapDetails>(type).value};
        case Kind::tuple: {
            const auto& items = details_of<TupleDetails>(type).items;
            return {items.begin(), items.end()};
        }
        case Kind::variant: {
            const auto& alternatives = details_of<VariantDetails>(type).alternatives;
            return {alternatives.begin(), alternatives.end()};
        }
        default:
            return {};
    }
}

}  // namespace portico::model
