#include <algorithm>
#include <vector>

#include "app/body.hpp"
#include "portico/model/read.hpp"

namespace portico::app {

void bind_keyed(std::span<const BodyTarget> targets, std::string_view json,
                const model::Location& root, model::Faults& faults) {
    std::vector<model::JsonMember> members;
    if (!json.empty() && !model::split_json(json, members, root, faults)) return;
    for (const BodyTarget& target : targets) {
        const Binding& binding = *target.binding;
        const model::Location at(binding.table->name, &root);
        const auto member = std::find_if(
            members.rbegin(), members.rend(),
            [&](const model::JsonMember& each) { return each.name == binding.table->name; });
        if (member != members.rend()) {
            (void)model::read_json(member->json, binding.slot, target.at, at, faults);
        } else if (binding.required) {
            faults.add(at, "missing", "Field required", "null");
        } else if (binding.table->set_default != nullptr) {
            binding.table->set_default(target.at);
        }
    }
}

}  // namespace portico::app
