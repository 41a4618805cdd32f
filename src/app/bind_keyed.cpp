#include "app/body.hpp"
#include "portico/model/json.hpp"
#include "portico/model/read.hpp"
#include "portico/model/slot_of.hpp"

namespace portico::app {

void bind_keyed(std::span<const BodyTarget> targets, std::string_view json,
                const model::Location& root, model::Faults& faults) {
    model::Json object;
    if (!json.empty() &&
        !model::read_json(json, model::slot_of<model::Json>(), &object, root, faults)) {
        return;
    }
    for (const BodyTarget& target : targets) {
        const Binding& binding = *target.binding;
        const model::Location at(binding.table->name, &root);
        const model::Json* member = object.find(binding.table->name);
        if (member != nullptr && !(member->is_null() && binding.required)) {
            (void)model::read_json(member->dump(), binding.slot, target.at, at, faults);
        } else if (binding.required) {
            faults.add(at, "missing", "Field required", "null");
        } else if (binding.table->set_default != nullptr) {
            binding.table->set_default(target.at);
        }
    }
}

}  // namespace portico::app
