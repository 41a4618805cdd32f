#include "openapi/styles.hpp"

#include <utility>

#include "portico/app/parameter_options.hpp"
#include "portico/model/annotations.hpp"
#include "portico/model/details.hpp"

namespace portico::openapi {
namespace {

using model::Json;

const model::Type& without_optional(const model::Slot& slot) {
    const model::Type* type = slot.type;
    while (type->kind == model::Kind::optional) {
        type = model::detail::details_of<model::detail::OptionalDetails>(*type).item.type;
    }
    return *type;
}

bool is_json(const model::Slot& slot) {
    return model::mark<app::AsJson>(slot.annotations) != nullptr;
}

bool is_nested(const model::Slot& slot) {
    const model::Kind kind = without_optional(slot).kind;
    return kind == model::Kind::object || kind == model::Kind::map || kind == model::Kind::partial;
}

bool is_one_text(const model::Slot& slot) {
    const auto* list = model::mark<app::explode>(slot.annotations);
    return list != nullptr && !list->on && without_optional(slot).kind == model::Kind::array;
}

Json style(std::string_view name, bool exploded) {
    Json object = Json::object();
    object["style"] = name;
    object["explode"] = exploded;
    return object;
}

void add_encoding(Json& encoding, std::string_view name, const model::Slot& slot) {
    if (is_json(slot)) {
        encoding[name] = Json::object();
        encoding[name]["contentType"] = "application/json";
    } else if (is_one_text(slot)) {
        encoding[name] = style("form", false);
    } else if (is_nested(slot)) {
        encoding[name] = style("deepObject", true);
    }
}

}  // namespace

void describe_style(Json& parameter, const app::RouteParameter& described) {
    const bool has_names = described.in == app::Source::query;
    Json how = Json::object();
    if (is_json(described.slot)) {
        Json text = Json::object();
        text["type"] = "string";
        text["contentMediaType"] = "application/json";
        text["contentSchema"] = std::move(parameter["schema"]);
        parameter["schema"] = std::move(text);
    } else if (is_one_text(described.slot) && described.in != app::Source::header) {
        how = style("form", false);  // of a header it is what is assumed
    } else if (has_names && is_nested(described.slot)) {
        how = style("deepObject", true);
    }
    for (const auto& [key, value] : how.members()) parameter[key] = value;
}

void describe_encoding(Json& content, const app::Route& route) {
    Json encoding = Json::object();
    for (const app::RouteBody& body : route.bodies) {
        if (body.in != app::Source::form) return;
        if (!body.name.empty()) {
            add_encoding(encoding, body.name, body.slot);
            continue;
        }
        for (const model::Field& field : model::fields_of(without_optional(body.slot))) {
            add_encoding(encoding, field.alias, field.slot);
        }
    }
    if (encoding.empty()) return;
    for (const auto& [media_type, unused] : Json(content).members()) {
        content[media_type]["encoding"] = encoding;
    }
}

}  // namespace portico::openapi
