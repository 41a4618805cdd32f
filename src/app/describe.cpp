#include <algorithm>
#include <iterator>

#include "app/compiled.hpp"
#include "portico/app/answer.hpp"
#include "portico/core/arena.hpp"
#include "portico/model/write.hpp"

namespace portico::app {
namespace {

/// An object of a parameter's type, to read its defaults from.
class Sample {
public:
    explicit Sample(const ParameterTable& table) : table_(table) {
        at_ = arena_.allocate(table.size, table.alignment);
        table.construct(at_);
        if (table.set_default != nullptr) table.set_default(at_);
    }
    ~Sample() {
        if (table_.destroy != nullptr) table_.destroy(at_);
    }
    Sample(const Sample&) = delete;
    Sample& operator=(const Sample&) = delete;

    [[nodiscard]] std::string json(const TextField& field) const {
        std::string out;
        model::write_json(field.slot, static_cast<const std::byte*>(at_) + field.offset, out);
        return out;
    }

private:
    const ParameterTable& table_;
    core::Arena arena_;
    void* at_;
};

bool has_default(const Binding& binding, const TextField& field) {
    return !field.required &&
           (binding.table->set_default != nullptr ||
            (binding.table->whole && field.slot.type->kind != model::Kind::optional));
}

void add_parameters(Route& route, const Binding& binding) {
    for (const TextField& field : binding.fields) {
        const auto same = std::ranges::find_if(route.parameters, [&](const auto& other) {
            return other.in == binding.table->source && other.name == field.name;
        });
        if (same != route.parameters.end()) {
            // Asked for twice: who requires it wins.
            if (field.required && !same->required) {
                same->required = true;
                same->slot = field.slot;
                same->default_json.clear();
            }
            continue;
        }
        RouteParameter parameter{binding.table->source, field.name, field.slot, field.required, {}};
        if (binding.table->source == Source::path) parameter.required = true;
        if (has_default(binding, field))
            parameter.default_json = Sample(*binding.table).json(field);
        route.parameters.push_back(std::move(parameter));
    }
}

/// `alone`: nothing else is asked of the body, so that a whole model is it.
void add_bodies(Route& route, const Binding& binding, bool alone) {
    const ParameterTable& table = *binding.table;
    const Source in = table.source == Source::body ? Source::body : Source::form;
    const auto default_json = [&](const TextField& field) {
        return has_default(binding, field) ? Sample(table).json(field) : std::string();
    };
    if (table.whole && !alone) {
        for (const TextField& field : binding.fields) {
            route.bodies.push_back(
                {in, field.name, field.slot, field.required, default_json(field)});
        }
        return;
    }
    route.bodies.push_back(
        {in, std::string(table.name), binding.slot, binding.required,
         table.set_default != nullptr ? default_json(binding.fields.front()) : std::string()});
}

template <class Names>
void add_scopes(SecurityRequirement& requirement, const Names& scopes) {
    for (const auto& scope : scopes) {
        if (std::ranges::find(requirement.scopes, scope) == requirement.scopes.end()) {
            requirement.scopes.emplace_back(scope);
        }
    }
}

/// The scopes that are asked for on the way to a scheme. The scheme's own node has those of one way
/// only, for its value is the same on all.
void add_scopes(SecurityRequirement& requirement, const Plan& plan, std::size_t scheme) {
    std::vector<bool> leads_to(plan.nodes.size());
    // Children come before their parents.
    for (std::size_t i = scheme; i < plan.nodes.size(); ++i) {
        const PlanNode& node = plan.nodes[i];
        leads_to[i] = i == scheme || std::ranges::any_of(node.children, [&](std::size_t child) {
                          return leads_to[child];
                      });
        if (!leads_to[i]) continue;
        add_scopes(requirement, node.scopes.scopes());
        // The last children are those of the parameters.
        auto child = node.children.end();
        for (auto binding = node.bindings.rbegin(); binding != node.bindings.rend(); ++binding) {
            if (binding->table->dependency == nullptr) continue;
            if (leads_to[*--child]) add_scopes(requirement, binding->table->scopes);
        }
    }
}

void add_security(Route& route, const Plan& plan) {
    for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
        const SecurityScheme* const scheme = plan.nodes[i].scheme;
        if (scheme == nullptr) continue;
        auto same = std::ranges::find_if(route.security, [&](const auto& other) {
            return other.scheme->scheme_name() == scheme->scheme_name();
        });
        if (same == route.security.end()) same = route.security.insert(same, {scheme, {}});
        add_scopes(*same, plan, i);
    }
}

bool is_file(const AnswerTable& table) {
    return table.answer == detail::AnswerOf<FileResponse>::kTable.answer ||
           table.answer == detail::AnswerOf<std::optional<FileResponse>>::kTable.answer;
}

void add_responses(Route& route, const CompiledRoute& compiled) {
    for (const AnswerTable* table = compiled.answer; table != nullptr; table = table->other) {
        RouteResponse response;
        response.status = table->status != 0 ? table->status : compiled.status;
        if (table == compiled.answer) response.description = route.options.response_description;
        response.media_type = table->media_type;
        response.streamed = table->streamed;
        if (table->slot != nullptr) {
            response.slot = table->slot();
            if (response.media_type.empty()) response.media_type = "application/json";
        }
        route.responses.push_back(std::move(response));
        if (is_file(*table)) {
            route.responses.push_back({.status = 206, .media_type = "*/*"});
            for (const int status : {304, 400, 412, 416}) {
                route.responses.push_back({.status = status});
            }
        }
        if (table->may_be_missing) route.responses.push_back({.status = 404});
    }
    for (const ResponseDeclaration& declared : route.options.responses) {
        const auto same =
            std::ranges::find(route.responses, declared.status, &RouteResponse::status);
        RouteResponse& response =
            same != route.responses.end() ? *same : route.responses.emplace_back();
        response.status = declared.status;
        if (!declared.description.empty()) response.description = declared.description;
        if (declared.slot != nullptr) {
            response.slot = declared.slot();
            response.media_type = "application/json";
            response.streamed = false;
        }
        if (!declared.media_type.empty()) response.media_type = declared.media_type;
    }
}

/// What a route that reads a body answers to one that it does not take: a broken form, too long,
/// of another media type or charset.
void add_body_refusals(Route& route, const Plan& plan) {
    for (const int status : {400, 413, 415}) {
        if (status == 400 && !plan.reads_form) continue;
        const auto same = std::ranges::find(route.responses, status, &RouteResponse::status);
        if (same == route.responses.end()) route.responses.push_back({status, {}, {}, {}});
    }
}

/// FastAPI's order: the handler's own parameters, then those of its dependencies, each before its
/// own dependencies'.
void visit(const Plan& plan, std::uint16_t node, std::vector<std::uint16_t>& order) {
    if (std::ranges::find(order, node) != order.end()) return;
    order.push_back(node);
    for (const std::uint16_t child : plan.nodes[node].children) visit(plan, child, order);
}

std::vector<std::uint16_t> described_order(const Plan& plan) {
    std::vector<std::uint16_t> order;
    visit(plan, static_cast<std::uint16_t>(plan.nodes.size() - 1), order);
    return order;
}

}  // namespace

void describe(Route& route, const CompiledRoute& compiled) {
    const bool alone = compiled.plan.body.size() == 1;
    for (const std::uint16_t node : described_order(compiled.plan)) {
        for (const Binding& binding : compiled.plan.nodes[node].bindings) {
            const Source source = binding.table->source;
            if (source > Source::body) continue;
            route.validates = true;
            if (source < Source::form) {
                add_parameters(route, binding);
            } else {
                add_bodies(route, binding, alone);
            }
        }
    }
    // The document's order: path, query, header, cookie; each in the order in which they are asked.
    std::vector<RouteParameter> ordered;
    for (const Source in : {Source::path, Source::query, Source::header, Source::cookie}) {
        std::ranges::copy_if(route.parameters, std::back_inserter(ordered),
                             [in](const auto& parameter) { return parameter.in == in; });
    }
    route.parameters = std::move(ordered);
    if (compiled.plan.reads_json) route.body_media_type = "application/json";
    if (compiled.plan.reads_form) route.body_media_type = "application/x-www-form-urlencoded";
    if (compiled.plan.reads_files) route.body_media_type = "multipart/form-data";
    add_security(route, compiled.plan);
    add_responses(route, compiled);
    if (!compiled.plan.body.empty()) add_body_refusals(route, compiled.plan);
}

}  // namespace portico::app
