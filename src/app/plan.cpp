#include "app/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "app/styled_field.hpp"
#include "app/websocket_state.hpp"
#include "portico/app/parameter_options.hpp"
#include "portico/model/annotations.hpp"
#include "portico/model/details.hpp"

namespace portico::app {
namespace {

constexpr Source kTextOrder[] = {Source::path, Source::query, Source::header, Source::cookie};

bool is_bound(Source source) {
    return source <= Source::body;
}

bool is_body(Source source) {
    return source >= Source::form && source <= Source::body;
}

bool is_required(const model::Slot& slot) {
    return model::mark<Required>(slot.annotations) != nullptr;
}

bool keeps_underscores(const model::Slot& slot) {
    const auto* convert = model::mark<convert_underscores>(slot.annotations);
    return convert != nullptr && !convert->on;
}

/// `model`: the whole model that the field is a member of, or itself.
TextField make_field(Source source, std::string_view name, const model::Slot& slot,
                     const model::Slot& model) {
    TextField field;
    field.name = name;
    // FastAPI: a header parameter's underscores stand for hyphens.
    if (source == Source::header && !keeps_underscores(slot) && !keeps_underscores(model)) {
        std::ranges::replace(field.name, '_', '-');
    }
    field.slot = slot;
    field.style = style_of(source, slot);
    return field;
}

Binding make_binding(const ParameterTable& table) {
    Binding binding;
    binding.table = &table;
    binding.slot = table.slot();
    binding.required =
        table.set_default == nullptr &&
        (binding.slot.type->kind != model::Kind::optional || is_required(binding.slot));
    if (!table.whole) {
        binding.fields.push_back(make_field(table.source, table.name, binding.slot, binding.slot));
        binding.fields.back().required = binding.required;
        return binding;
    }
    const model::detail::ModelTable& members = model::detail::table_of(*binding.slot.type);
    for (std::size_t i = 0; i < members.fields.size(); ++i) {
        const model::Field& member = members.fields[i];
        if (!member.read) continue;
        TextField field = make_field(table.source, member.alias, member.slot, binding.slot);
        field.offset = member.offset;
        field.required = member.required || is_required(member.slot);
        for (const auto& [name, index, rank] : members.choices) {
            if (index != i || name.starts_with('/')) continue;
            field.other_names.push_back(
                make_field(table.source, name, member.slot, binding.slot).name);
        }
        binding.fields.push_back(std::move(field));
    }
    return binding;
}

class Builder {
public:
    Builder(Plan& plan, Overrides& overrides) : plan_(plan), overrides_(overrides) {}

    std::uint16_t add(const Dependency& dependency) {
        const auto* table =
            dependency.object ? nullptr : static_cast<const DependencyTable*>(dependency.key);
        const Call call{dependency.function, dependency.object,  table, dependency.key,
                        dependency.scheme,   dependency.secured, true};
        return node_for(call, merged({}, dependency.scopes));
    }

    void add_handler(const FunctionTable& function, std::shared_ptr<void> handler,
                     std::vector<std::uint16_t> before) {
        const Call call{&function, std::move(handler), nullptr, nullptr, nullptr, false, false};
        const auto index = node_for(call, {}, std::move(before));
        // Children come before their parents, so the handler is the last node.
        (void)index;
    }

    void order_steps() {
        emitted_.assign(plan_.nodes.size(), false);
        const auto handler = static_cast<std::uint16_t>(plan_.nodes.size() - 1);
        emit_credentials(handler);
        emit(handler, plan_.rest);
        for (std::uint16_t node = 0; node < plan_.nodes.size(); ++node) emit_bodies(node);
    }

private:
    struct Call {
        const FunctionTable* function;
        std::shared_ptr<void> object;
        const DependencyTable* dependency;
        const void* key;
        const SecurityScheme* scheme;
        bool secured;
        bool cached;
    };
    struct Made {
        const void* key;
        const FunctionTable* function;
        std::vector<std::string> scopes;
        std::uint16_t node;
    };

    static std::vector<std::string> merged(std::vector<std::string> scopes, auto&& more) {
        for (const auto& scope : more) {
            if (std::ranges::find(scopes, scope) == scopes.end()) scopes.emplace_back(scope);
        }
        return scopes;
    }

    std::uint32_t place(std::uint32_t size, std::uint32_t alignment) {
        const std::uint32_t at = (plan_.size + alignment - 1) & ~(alignment - 1);
        plan_.size = at + size;
        plan_.alignment = std::max(plan_.alignment, alignment);
        return at;
    }

    /// The override of a dependency, unless that override itself asks for the original.
    Override* override_of(const DependencyTable* dependency) {
        if (dependency == nullptr) return nullptr;
        const auto found = overrides_.find(dependency);
        if (found == overrides_.end()) return nullptr;
        found->second.used = true;
        const bool replacing = std::ranges::find(replacing_, dependency) != replacing_.end();
        return replacing ? nullptr : &found->second;
    }

    bool uses_scopes(const FunctionTable& function) {
        return std::ranges::any_of(function.parameters, [&](const ParameterTable* parameter) {
            if (parameter->source == Source::scopes) return true;
            if (parameter->dependency == nullptr || parameter->of_application) return false;
            const Override* replaced = override_of(parameter->dependency);
            if (replaced == nullptr) return uses_scopes(*parameter->dependency->function);
            replacing_.push_back(parameter->dependency);
            const bool uses = uses_scopes(*replaced->function);
            replacing_.pop_back();
            return uses;
        });
    }

    std::uint16_t node_for(Call call, std::vector<std::string> scopes,
                           std::vector<std::uint16_t> before = {}) {
        const Override* replaced = override_of(call.dependency);
        if (replaced != nullptr) {
            call.function = replaced->function;
            call.object = replaced->object;
            call.scheme = nullptr;
            replacing_.push_back(call.dependency);
        }
        const bool scoped = uses_scopes(*call.function);
        if (call.cached) {
            for (const Made& made : made_) {
                if (made.key == call.key && made.function == call.function &&
                    (!scoped || made.scopes == scopes)) {
                    auto& node = plan_.nodes[made.node];
                    node.secured = node.secured || call.secured;
                    if (replaced != nullptr) replacing_.pop_back();
                    return made.node;
                }
            }
        }
        PlanNode node;
        node.function = call.function;
        node.object = call.object.get();
        node.keep = call.object;
        node.dependency = call.dependency;
        node.scheme = call.scheme;
        node.secured = call.secured || call.scheme != nullptr;
        node.children = std::move(before);
        add_parameters(node, *call.function, scopes);
        node.value = call.function->result;
        if (call.function->result->task != nullptr) {
            node.value = call.function->result->value;
            node.task_offset = place(call.function->result->size, call.function->result->alignment);
        }
        node.value_offset = place(node.value->size, node.value->alignment);
        node.scopes = SecurityScopes(scopes);
        if (replaced != nullptr) replacing_.pop_back();
        const auto index = static_cast<std::uint16_t>(plan_.nodes.size());
        plan_.secured = plan_.secured || node.secured;
        plan_.nodes.push_back(std::move(node));
        if (call.cached) made_.push_back({call.key, call.function, std::move(scopes), index});
        return index;
    }

    void add_parameters(PlanNode& node, const FunctionTable& function,
                        const std::vector<std::string>& scopes) {
        for (const ParameterTable* parameter : function.parameters) {
            Argument argument;
            Binding binding;
            binding.table = parameter;
            if (parameter->of_application) {
                note_application(*parameter->dependency);  // its value lies elsewhere
            } else if (parameter->dependency != nullptr) {
                const DependencyTable& dependency = *parameter->dependency;
                const auto child =
                    node_for({dependency.function, nullptr, &dependency, &dependency,
                              dependency.scheme, parameter->secured, parameter->cached},
                             merged(scopes, parameter->scopes));
                node.children.push_back(child);
                argument.offset = plan_.nodes[child].value_offset;
            } else if (parameter->source == Source::response) {
                argument.offset = shared(plan_.response_offset, *parameter);
            } else if (parameter->source == Source::background) {
                argument.offset = shared(plan_.background_offset, *parameter);
            } else if (parameter->source == Source::websocket) {
                if (plan_.websocket_offset == Plan::kNowhere) {
                    plan_.websocket_offset = place(sizeof(WebSocketState), alignof(WebSocketState));
                }
                argument.offset = plan_.websocket_offset;
            } else if (is_bound(parameter->source)) {
                argument.offset = place(parameter->size, parameter->alignment);
                binding = make_binding(*parameter);
            }
            node.arguments.push_back(argument);
            node.bindings.push_back(std::move(binding));
        }
    }

    /// Overrides of it count as used; what it takes must be there before any request.
    void note_application(const DependencyTable& dependency) {
        const Override* const replaced = override_of(&dependency);
        const FunctionTable& function =
            replaced != nullptr ? *replaced->function : *dependency.function;
        if (replaced != nullptr) replacing_.push_back(&dependency);
        for (const ParameterTable* parameter : function.parameters) {
            if (parameter->of_application) {
                note_application(*parameter->dependency);
            } else if (parameter->source != Source::state && parameter->source != Source::app) {
                throw std::invalid_argument(fmt::format(
                    "dependency {} is made when the application starts: it may take State<T>, "
                    "const App& and Depends<f, Caching::per_application>, nothing of a request",
                    name_of(dependency)));
            }
        }
        if (replaced != nullptr) replacing_.pop_back();
    }

    std::uint32_t shared(std::uint32_t& offset, const ParameterTable& parameter) {
        if (offset == Plan::kNowhere) offset = place(parameter.size, parameter.alignment);
        return offset;
    }

    bool reads_body(std::uint16_t index) const {
        const PlanNode& node = plan_.nodes[index];
        return std::ranges::any_of(node.bindings,
                                   [](const Binding& binding) {
                                       return binding.table->source >= Source::form &&
                                              binding.table->source <= Source::body;
                                   }) ||
               std::ranges::any_of(node.children,
                                   [&](std::uint16_t child) { return reads_body(child); });
    }

    /// Credentials that are in the body can't be asked before it is read.
    void emit_credentials(std::uint16_t index) {
        if (plan_.nodes[index].secured && !reads_body(index)) {
            emit(index, plan_.credentials);
            return;
        }
        for (const std::uint16_t child : plan_.nodes[index].children) emit_credentials(child);
    }

    void emit(std::uint16_t index, std::vector<Step>& steps) {
        if (emitted_[index]) return;
        emitted_[index] = true;
        const PlanNode& node = plan_.nodes[index];
        for (const std::uint16_t child : node.children) emit(child, steps);
        for (const Source source : kTextOrder) {
            for (std::uint16_t i = 0; i < node.bindings.size(); ++i) {
                if (node.bindings[i].table->source == source) {
                    steps.push_back({Step::Kind::bind, index, i});
                }
            }
        }
        steps.push_back({Step::Kind::call, index});
    }

    void emit_bodies(std::uint16_t index) {
        const PlanNode& node = plan_.nodes[index];
        for (std::uint16_t i = 0; i < node.bindings.size(); ++i) {
            const Source source = node.bindings[i].table->source;
            if (!is_body(source)) continue;
            (source == Source::body ? plan_.reads_json : plan_.reads_form) = true;
            if (source == Source::file) plan_.reads_files = true;
            plan_.body.push_back({Step::Kind::bind, index, i});
        }
    }

    Plan& plan_;
    Overrides& overrides_;
    std::vector<Made> made_;
    std::vector<const DependencyTable*> replacing_;
    std::vector<bool> emitted_;
};

void check_bodies(Plan& plan) {
    std::size_t unnamed = 0;
    std::size_t named = 0;
    for (const Step& step : plan.body) {
        const ParameterTable& table = *plan.nodes[step.node].bindings[step.parameter].table;
        if (table.source == Source::body) ++(table.name.empty() ? unnamed : named);
    }
    if (plan.reads_json && plan.reads_form) {
        throw std::invalid_argument("a body is either JSON or a form: it can't be both");
    }
    if (unnamed > 1 || (unnamed == 1 && named > 0)) {
        throw std::invalid_argument(
            "several bodies, of which one has no name: write Body<T, \"name\"> for each, and the "
            "body is a JSON object with these names");
    }
    plan.keyed = named > 0;
}

}  // namespace

std::string name_of(const DependencyTable& dependency) {
    const std::string_view pretty = dependency.pretty;
    const auto equals = pretty.rfind(" = ");
    const auto end = pretty.rfind(']');
    if (equals == pretty.npos || end == pretty.npos) return "a dependency";
    return std::string(pretty.substr(equals + 3, end - equals - 3));
}

Plan make_plan(const FunctionTable& function, std::shared_ptr<void> handler,
               const std::vector<Dependency>& dependencies, Overrides& overrides) {
    Plan plan;
    Builder builder(plan, overrides);
    std::vector<std::uint16_t> before;
    before.reserve(dependencies.size());
    for (const Dependency& dependency : dependencies) before.push_back(builder.add(dependency));
    builder.add_handler(function, std::move(handler), std::move(before));
    builder.order_steps();
    check_bodies(plan);
    return plan;
}

}  // namespace portico::app
