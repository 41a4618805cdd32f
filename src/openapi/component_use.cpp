#include "openapi/component_use.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portico::openapi {
namespace {

using model::Json;

constexpr std::string_view kSchemas = "#/components/schemas/";

/// Calls `visit` with every object in the value, itself included.
template <class Visit>
void visit_objects(Json& value, const Visit& visit) {
    if (value.is_array()) {
        for (Json& item : value.items()) visit_objects(item, visit);
    } else if (value.is_object()) {
        visit(value);
        for (auto& [key, member] : value.members()) visit_objects(member, visit);
    }
}

/// The name of the component that the schema is a reference to; empty: it is none.
std::string referred(const Json& schema) {
    const Json* const reference = schema.find("$ref");
    if (reference == nullptr || !reference->as_string().starts_with(kSchemas)) return {};
    return std::string(reference->as_string().substr(kSchemas.size()));
}

}  // namespace

void add_types_to_nullable_references(Json& document) {
    const Json schemas = std::as_const(document)["components"]["schemas"];
    visit_objects(document, [&](Json& schema) {
        const Json* const all = std::as_const(schema).find("allOf");
        if (all == nullptr || !all->is_array() || !schema.contains("nullable")) return;
        if (schema.contains("type") || all->empty()) return;
        const Json type = schemas[referred(all->items().front())]["type"];
        if (type.is_string()) schema["type"] = type;
    });
}

void drop_unused_schemas(Json& document) {
    Json all = std::as_const(document)["components"]["schemas"];
    if (!all.is_object()) return;
    document["components"].erase("schemas");
    std::set<std::string> used;
    std::vector<std::string> found;
    const auto note = [&](const Json& schema) {
        std::string name = referred(schema);
        if (!name.empty() && used.insert(name).second) found.push_back(std::move(name));
    };
    visit_objects(document, note);
    while (!found.empty()) {
        const std::string name = std::move(found.back());
        found.pop_back();
        if (Json* const schema = all.find(name)) visit_objects(*schema, note);
    }
    Json kept = Json::object();
    for (auto& [name, schema] : all.members()) {
        if (used.contains(name)) kept[name] = std::move(schema);
    }
    if (!kept.empty()) document["components"]["schemas"] = std::move(kept);
    if (std::as_const(document)["components"].empty()) document.erase("components");
}

}  // namespace portico::openapi
