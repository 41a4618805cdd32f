#include "portico/model/schema.hpp"

#include "model/enums.hpp"
#include "model/numbers.hpp"
#include "model/reader.hpp"
#include "model/tags.hpp"
#include "model/type_names.hpp"
#include "portico/model/write.hpp"

namespace portico::model {
namespace {

using detail::details_of;

Json json_of(const Number& number) {
    switch (number.kind) {
        case Number::Kind::integer:
            return number.integer;
        case Number::Kind::unsigned_integer:
            return static_cast<std::uint64_t>(number.integer);
        default:
            return number.real;
    }
}

/// What the width of an integer bounds, where no constraint does. The ends of 64 bits are left out:
/// they are past what most readers of schemas count exactly.
void add_range(const detail::IntegerDetails& details, const Annotations* a, Json& schema) {
    const bool narrow = details.bytes < 8;
    const unsigned bits = details.bytes * 8U - (details.is_signed ? 1 : 0);
    if (a == nullptr || (!a->le && !a->lt)) {
        if (narrow) schema["maximum"] = (std::int64_t{1} << bits) - 1;
    }
    if (a == nullptr || (!a->ge && !a->gt)) {
        if (!details.is_signed) {
            schema["minimum"] = 0;
        } else if (narrow) {
            schema["minimum"] = -(std::int64_t{1} << bits);
        }
    }
}

void add_constraints(const Annotations& a, const Type& type, Json& schema) {
    if (a.multiple_of) schema["multipleOf"] = json_of(a.multiple_of);
    if (a.le) schema["maximum"] = json_of(a.le);
    if (a.lt) schema["exclusiveMaximum"] = json_of(a.lt);
    if (a.ge) schema["minimum"] = json_of(a.ge);
    if (a.gt) schema["exclusiveMinimum"] = json_of(a.gt);
    if (a.uuid_version != 0) schema["format"] = "uuid" + std::to_string(a.uuid_version);
    const bool list = type.kind == Kind::array;
    const bool map = type.kind == Kind::map;
    // Of base64 the bytes are bounded, in the document their text.
    const bool encoded = schema.contains("format") && schema["format"].is_string() &&
                         schema["format"].as_string().starts_with("base64");
    const auto length = [&](std::size_t bound) { return encoded ? (bound + 2) / 3 * 4 : bound; };
    if (a.max_length != Annotations::kUnbounded) {
        schema[list ? "maxItems" : map ? "maxProperties" : "maxLength"] = length(a.max_length);
    }
    if (a.min_length > 0) {
        schema[list ? "minItems" : map ? "minProperties" : "minLength"] = length(a.min_length);
    }
    if (a.pattern != nullptr) schema["pattern"] = a.pattern->text();
}

void add_description(const Annotations& a, Json& schema) {
    if (!a.title.empty()) schema["title"] = a.title;
    if (!a.description.empty()) schema["description"] = a.description;
    for (std::size_t i = 0; i < a.example_count; ++i) {
        const Example& example = a.examples[i];
        switch (example.kind) {
            case Example::Kind::text:
                schema["examples"].push_back(example.text);
                break;
            case Example::Kind::number:
                schema["examples"].push_back(json_of(example.number));
                break;
            case Example::Kind::boolean:
                schema["examples"].push_back(example.truth);
                break;
        }
    }
    if (a.deprecated) schema["deprecated"] = true;
    if (a.read_only) schema["readOnly"] = true;
    if (a.write_only) schema["writeOnly"] = true;
}

/// Which of the alternatives each tag means. OpenAPI 3.1 §4.8.25.
Json discriminator_schema(Slot slot, const Json& alternatives) {
    const TagTable& tags = tags_of(slot);
    Json mapping = Json::object();
    for (const TagTable::Tag& each : tags.tags) {
        // A union within the union has no name to be referred to.
        const Json& alternative = alternatives[each.alternative];
        if (alternative.contains("$ref")) mapping[each.text] = alternative["$ref"];
    }
    return Json::object({{"propertyName", tags.alias}, {"mapping", std::move(mapping)}});
}

Json text_schema(const detail::TextDetails& details, SchemaBuilder::Mode mode) {
    const bool own = mode == SchemaBuilder::Mode::serialization && !details.output_schema.empty();
    return Json::parse(own ? details.output_schema : details.schema)
        .value_or(Json::object({{"type", "string"}}));
}

Json enum_schema(const Type& type) {
    const auto& details = details_of<detail::EnumDetails>(type);
    Json values = Json::array();
    for (const EnumValue& each : enum_values(type)) {
        values.push_back(details.by_value ? Json(each.value) : Json(each.name));
    }
    Json schema = Json::object({{"type", details.by_value ? "integer" : "string"}});
    if (details.is_literal && values.size() == 1) {
        schema["const"] = values.items().front();
    } else {
        schema["enum"] = std::move(values);
    }
    return schema;
}

/// What a key has to be besides a text: a format, a pattern, an enum.
Json names_schema(const Json& key) {
    Json names = Json::object();
    if (key.contains("$ref")) return key;
    if (!key.contains("type") || key["type"] != Json("string")) return names;
    for (const auto& [name, value] : key.members()) {
        if (name != "type") names[name] = value;
    }
    return names;
}

/// What has no name of its own in the document is titled by its member.
bool is_reference(const Json& schema) {
    return schema.contains("$ref");
}

/// A default that may be shown, and is the same each time.
bool has_constant_default(const Field& field) {
    const Type& type = *field.slot.type;
    const bool secret = type.kind == Kind::text && details_of<detail::TextDetails>(type).is_secret;
    const auto* a = field.slot.annotations;
    return !secret && (a == nullptr || !(a->has_factory || a->read_only));
}

}  // namespace

std::string title_of(std::string_view name) {
    std::string title;
    bool start = true;
    for (char c : name) {
        if (c == '_') c = ' ';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (start && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
        if (!start && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        // As Python's str.title(): every letter after something else starts a word.
        start = !letter;
        title += c;
    }
    return title;
}

Json SchemaBuilder::schema_of(Slot slot, Mode mode) {
    Json schema = shape_of(slot, mode);
    if (slot.annotations != nullptr) add_description(*slot.annotations, schema);
    return schema;
}

Json SchemaBuilder::shape_of(Slot slot, Mode mode) {
    const Type& type = *slot.type;
    Json schema = Json::object();
    switch (type.kind) {
        case Kind::boolean:
            schema["type"] = "boolean";
            break;
        case Kind::integer:
            schema["type"] = "integer";
            add_range(details_of<detail::IntegerDetails>(type), slot.annotations, schema);
            break;
        case Kind::number:
            schema["type"] = "number";
            break;
        case Kind::string:
            schema["type"] = "string";
            break;
        case Kind::text:
            schema = text_schema(details_of<detail::TextDetails>(type), mode);
            break;
        case Kind::enumerator:
            if (details_of<detail::EnumDetails>(type).is_literal) return enum_schema(type);
            return reference(type, mode);
        case Kind::object:
        case Kind::partial:
            return reference(type, mode);
        case Kind::optional: {
            Slot item = details_of<detail::OptionalDetails>(type).item;
            if (item.annotations == nullptr) item.annotations = slot.annotations;
            schema["anyOf"] = Json::array({shape_of(item, mode), Json::object({{"type", "null"}})});
            return schema;
        }
        case Kind::array: {
            const auto& details = details_of<detail::ArrayDetails>(type);
            schema["type"] = "array";
            schema["items"] = schema_of(details.item, mode);
            if (details.shape == detail::ArrayDetails::Shape::set) schema["uniqueItems"] = true;
            break;
        }
        case Kind::tuple: {
            const auto& details = details_of<detail::TupleDetails>(type);
            schema["type"] = "array";
            if (details.is_array) {
                schema["items"] = schema_of(details.items[0], mode);
            } else {
                for (const Slot& each : details.items) {
                    schema["prefixItems"].push_back(schema_of(each, mode));
                }
            }
            schema["minItems"] = details.count;
            schema["maxItems"] = details.count;
            break;
        }
        case Kind::map: {
            const auto& details = details_of<detail::MapDetails>(type);
            schema["type"] = "object";
            schema["additionalProperties"] = schema_of(details.value, mode);
            if (Json names = names_schema(schema_of(details.key, mode)); !names.empty()) {
                schema["propertyNames"] = std::move(names);
            }
            break;
        }
        case Kind::variant: {
            Json all = Json::array();
            for (const Slot& each : details_of<detail::VariantDetails>(type).alternatives) {
                all.push_back(schema_of(each, mode));
            }
            if (slot.annotations != nullptr && slot.annotations->discriminator != nullptr) {
                schema["discriminator"] = discriminator_schema(slot, all);
                schema["oneOf"] = std::move(all);
                break;
            }
            schema["anyOf"] = std::move(all);
            break;
        }
        case Kind::any:
        case Kind::raw:
            break;
    }
    if (slot.annotations != nullptr) add_constraints(*slot.annotations, type, schema);
    return schema;
}

Json SchemaBuilder::property(Slot slot, std::string_view alias, Mode mode) {
    Json schema = schema_of(slot, mode);
    if (!is_reference(schema) && !schema.contains("title")) schema["title"] = title_of(alias);
    return schema;
}

Json SchemaBuilder::object_schema(const Type& type, Mode mode, bool differs) {
    Json schema = Json::object();
    if (type.kind == Kind::enumerator) {
        schema = enum_schema(type);
        schema["title"] = type.name;
        return schema;
    }
    const bool partial = type.kind == Kind::partial;
    const Type& model = partial ? *details_of<detail::PartialDetails>(type).model : type;
    const detail::ModelTable& table = detail::table_of(model);
    const ModelConfig& config = details_of<detail::ModelDetails>(model).config;
    const bool sent = mode == Mode::validation;
    schema["type"] = "object";
    schema["properties"] = Json::object();
    Json required = Json::array();
    Temporary defaults(model);
    for (const Field& field : table.fields) {
        if (differs && !(sent ? field.read : field.written)) continue;
        const std::string_view alias = sent ? field.alias : field.serialization_alias;
        Json member_schema = property(field.slot, alias, mode);
        if (!field.required && !partial && has_constant_default(field)) {
            std::string json;
            write_json(field.slot, member(defaults.get(), field), json);
            if (auto value = Json::parse(json); value && !value->is_null()) {
                member_schema["default"] = std::move(*value);
            }
        }
        if (!partial && (field.required || !sent)) required.push_back(alias);
        schema["properties"][alias] = std::move(member_schema);
    }
    for (const auto& computed : table.computed) {
        if (sent || partial) break;
        Json member_schema = property(computed.raw.slot, computed.alias, mode);
        member_schema["readOnly"] = true;
        required.push_back(computed.alias);
        schema["properties"][computed.alias] = std::move(member_schema);
    }
    if (!required.empty()) schema["required"] = std::move(required);
    if (config.extra == Extra::forbid) schema["additionalProperties"] = false;
    if (table.extras.type != nullptr) {
        const Slot value = details_of<detail::MapDetails>(*table.extras.type).value;
        const bool anything = value.type->kind == Kind::any || value.type->kind == Kind::raw;
        schema["additionalProperties"] = anything ? Json(true) : schema_of(value, mode);
    }
    const std::string name =
        config.title.empty() ? readable_name(model.name) : std::string(config.title);
    schema["title"] = partial ? "Partial" + name : name;
    if (!config.description.empty()) schema["description"] = config.description;
    return schema;
}

Json json_schema(Slot slot, SchemaBuilder::Mode mode) {
    SchemaBuilder builder("#/$defs/");
    Json schema = builder.schema_of(slot, mode);
    builder.settle(schema);
    if (builder.definitions().empty()) return schema;
    Json definitions = Json::object();
    for (const auto& [name, definition] : builder.definitions()) definitions[name] = definition;
    schema["$defs"] = std::move(definitions);
    return schema;
}

}  // namespace portico::model
