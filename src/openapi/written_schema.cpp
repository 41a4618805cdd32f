#include "openapi/written_schema.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/model/details.hpp"

namespace portico::openapi {
namespace {

using app::RouteOptions;
using model::Json;
using model::Kind;
using model::Slot;
using model::detail::details_of;

constexpr auto kAnswered = model::SchemaBuilder::Mode::serialization;

bool is_below(std::string_view path, std::string_view above) {
    return path.size() > above.size() && path.starts_with(above) && path[above.size()] == '.';
}

bool holds_model(const model::Type& type) {
    switch (type.kind) {
        case Kind::optional:
            return holds_model(*details_of<model::detail::OptionalDetails>(type).item.type);
        case Kind::array:
            return holds_model(*details_of<model::detail::ArrayDetails>(type).item.type);
        case Kind::map:
            return holds_model(*details_of<model::detail::MapDetails>(type).value.type);
        default:
            return type.kind == Kind::object;
    }
}

bool may_be_null(const model::Type& type) {
    return type.kind == Kind::optional || type.kind == Kind::any || type.kind == Kind::raw ||
           type.kind == Kind::variant;
}

/// Walks what `model::write_json` walks with `WriteOptions`.
class WrittenSchema {
public:
    WrittenSchema(model::SchemaBuilder& schemas, const RouteOptions& options)
        : schemas_(schemas), options_(options) {}

    Json of(Slot slot) {
        if (!holds_model(*slot.type)) return schemas_.schema_of(slot, kAnswered);
        Json schema = Json::object();
        switch (slot.type->kind) {
            case Kind::optional: {
                Json null = Json::object();
                null["type"] = "null";
                schema["anyOf"] = Json::array(
                    {of(details_of<model::detail::OptionalDetails>(*slot.type).item), null});
                return schema;
            }
            case Kind::array:
                schema["type"] = "array";
                schema["items"] = of(details_of<model::detail::ArrayDetails>(*slot.type).item);
                return schema;
            case Kind::map:
                schema["type"] = "object";
                schema["additionalProperties"] =
                    of(details_of<model::detail::MapDetails>(*slot.type).value);
                return schema;
            default:
                return object(*slot.type);
        }
    }

private:
    Json object(const model::Type& type) {
        const model::detail::ModelTable& table = model::detail::table_of(type);
        Json schema = Json::object();
        schema["type"] = "object";
        if (std::ranges::find(open_, &type) != open_.end()) return schema;  // recursive
        open_.push_back(&type);
        schema["properties"] = Json::object();
        Json required = Json::array();
        const auto add = [&](std::string_view name, std::string_view alias, Slot its,
                             bool has_default) {
            const std::size_t above = path_.size();
            if (above > 0) path_ += '.';
            path_ += name;
            if (is_wanted()) {
                const std::string_view key = options_.response_model_by_alias ? alias : name;
                Json member = of(its);
                if (!member.contains("$ref") && !member.contains("title")) {
                    member["title"] = model::title_of(key);
                }
                schema["properties"][key] = std::move(member);
                const bool may_lack =
                    (options_.response_model_exclude_defaults && has_default) ||
                    (options_.response_model_exclude_none && may_be_null(*its.type));
                if (!may_lack) required.push_back(key);
            }
            path_.resize(above);
        };
        for (const auto& [key, index] : table.outputs) {
            const model::Field& field = table.fields[index];
            add(field.name, field.serialization_alias, field.slot, !field.required && field.read);
        }
        for (const auto& computed : table.computed) {
            add(computed.name, computed.alias, computed.raw.slot, false);
        }
        if (!required.empty()) schema["required"] = std::move(required);
        open_.pop_back();
        return schema;
    }

    [[nodiscard]] bool is_wanted() const {
        const auto& include = options_.response_model_include;
        const auto& exclude = options_.response_model_exclude;
        if (std::ranges::find(exclude, path_) != exclude.end()) return false;
        return include.empty() || std::ranges::any_of(include, [&](const std::string& each) {
                   return each == path_ || is_below(each, path_) || is_below(path_, each);
               });
    }

    model::SchemaBuilder& schemas_;
    const RouteOptions& options_;
    std::string path_;
    std::vector<const model::Type*> open_;
};

bool are_all_written(const RouteOptions& options) {
    return options.response_model_include.empty() && options.response_model_exclude.empty() &&
           options.response_model_by_alias && !options.response_model_exclude_defaults &&
           !options.response_model_exclude_none;
}

}  // namespace

Json written_schema(model::SchemaBuilder& schemas, const app::Route& route,
                    const app::RouteResponse& response) {
    const bool declared = std::ranges::any_of(route.options.responses, [&](const auto& each) {
        return each.status == response.status && each.slot != nullptr;
    });
    if (declared || response.streamed || are_all_written(route.options)) {
        return schemas.schema_of(response.slot, kAnswered);
    }
    return WrittenSchema(schemas, route.options).of(response.slot);
}

}  // namespace portico::openapi
