#include <algorithm>
#include <string_view>
#include <utility>

#include "openapi/component_use.hpp"
#include "portico/openapi/document.hpp"

/// What OpenAPI 3.1 says in JSON Schema 2020-12, said in the Schema Object of OpenAPI 3.0.3
/// §4.7.24.
namespace portico::openapi {
namespace {

using model::Json;

/// `{"type": "null"}`, alone.
bool is_null_schema(const Json& schema) {
    return schema.size() == 1 && schema["type"].as_string() == "null";
}

Json one_of_type(std::string_view type) {
    Json schema = Json::object();
    schema["type"] = type;
    return schema;
}

/// `"type": ["string", "null"]`
void convert_types(Json& schema) {
    const Json types = std::as_const(schema)["type"];
    if (!types.is_array()) return;
    bool nullable = false;
    Json others = Json::array();
    for (const Json& type : types.items()) {
        if (type.as_string() == "null") {
            nullable = true;
        } else {
            others.push_back(one_of_type(type.as_string()));
        }
    }
    schema.erase("type");
    if (others.size() == 1) {
        schema["type"] = others[0]["type"];
    } else if (!others.empty()) {
        Json rule = Json::object();
        rule["anyOf"] = std::move(others);
        schema["allOf"].push_back(std::move(rule));
    }
    if (nullable) schema["nullable"] = true;
}

/// `"anyOf": [T, {"type": "null"}]`
void convert_null_alternative(Json& schema, std::string_view key) {
    Json* const alternatives = schema.find(key);
    if (alternatives == nullptr) return;
    Json::Array& items = alternatives->items();
    if (std::erase_if(items, is_null_schema) == 0) return;
    if (items.size() == 1) {
        Json only = std::move(items.front());
        schema.erase(key);
        if (only.contains("$ref")) {
            schema["allOf"] = Json::array({std::move(only)});
        } else {
            for (auto& [name, value] : only.members()) {
                if (!schema.contains(name)) schema[name] = std::move(value);
            }
        }
    } else if (items.empty()) {
        schema.erase(key);
        schema["enum"] = Json::array({nullptr});
    }
    schema["nullable"] = true;
}

/// `"exclusiveMinimum": 0`
void convert_bound(Json& schema, std::string_view exclusive, std::string_view inclusive,
                   bool lower) {
    const Json bound = std::as_const(schema)[exclusive];
    if (!bound.is_number()) return;
    const Json other = std::as_const(schema)[inclusive];
    schema.erase(exclusive);
    if (other.is_number() &&
        (lower ? other.as_double() > bound.as_double() : other.as_double() < bound.as_double())) {
        return;
    }
    schema[inclusive] = bound;
    schema[exclusive] = true;
}

/// `"contentMediaType": "application/octet-stream"`, `"contentEncoding": "base64"`
void convert_content(Json& schema) {
    if (schema.contains("contentEncoding")) {
        schema["format"] = "byte";
    } else if (std::as_const(schema)["contentMediaType"].as_string() ==
               "application/octet-stream") {
        schema["format"] = "binary";
    }
    for (const std::string_view key : {"contentEncoding", "contentMediaType", "contentSchema"}) {
        schema.erase(key);
    }
}

void convert_schema(Json& schema);

/// A tuple: its items in any order is the closest that there is.
void convert_tuple(Json& schema) {
    Json* const items = schema.find("prefixItems");
    if (items == nullptr) return;
    Json any = Json::object();
    any["anyOf"] = std::move(*items);
    schema.erase("prefixItems");
    schema["items"] = std::move(any);
}

void convert_subschemas(Json& schema) {
    for (const std::string_view key : {"items", "not", "additionalProperties"}) {
        if (Json* const inner = schema.find(key); inner != nullptr && inner->is_object()) {
            convert_schema(*inner);
        }
    }
    if (Json* const items = schema.find("items"); items != nullptr && items->is_bool()) {
        *items = Json::object();
    }
    for (const std::string_view key : {"allOf", "anyOf", "oneOf"}) {
        if (Json* const list = schema.find(key)) {
            for (Json& inner : list->items()) convert_schema(inner);
        }
    }
    if (Json* const properties = schema.find("properties")) {
        for (auto& [name, inner] : properties->members()) convert_schema(inner);
    }
}

void convert_schema(Json& schema) {
    if (schema.is_bool()) {
        Json converted = Json::object();
        if (!schema.as_bool()) converted["not"] = Json::object();
        schema = std::move(converted);
    }
    if (!schema.is_object()) return;
    convert_null_alternative(schema, "anyOf");
    convert_null_alternative(schema, "oneOf");
    convert_tuple(schema);
    convert_subschemas(schema);
    convert_types(schema);
    if (std::as_const(schema)["type"].as_string() == "null") {
        schema.erase("type");
        schema["enum"] = Json::array({nullptr});
        schema["nullable"] = true;
    }
    if (std::as_const(schema)["type"].as_string() == "array" && !schema.contains("items")) {
        schema["items"] = Json::object();  // 3.0.3 §4.7.24.1: MUST be present
    }
    convert_bound(schema, "exclusiveMinimum", "minimum", true);
    convert_bound(schema, "exclusiveMaximum", "maximum", false);
    convert_content(schema);
    if (const Json* const value = schema.find("const")) {
        schema["enum"] = Json::array({*value});
        schema.erase("const");
    }
    if (const Json* const examples = schema.find("examples")) {
        if (!examples->empty() && !schema.contains("example")) {
            schema["example"] = Json(examples->items().front());
        }
        schema.erase("examples");
    }
    for (const std::string_view key :
         {"$schema", "$id", "$anchor", "$comment", "$defs", "patternProperties", "propertyNames",
          "unevaluatedItems", "unevaluatedProperties", "dependentRequired", "dependentSchemas",
          "contains", "minContains", "maxContains", "if", "then", "else"}) {
        schema.erase(key);
    }
    // 3.0.3 §4.7.23: what stands beside a "$ref" is ignored.
    if (const Json* const found = schema.find("$ref"); found != nullptr && schema.size() > 1) {
        Json reference = Json::object();
        reference["$ref"] = *found;
        schema.erase("$ref");
        schema["allOf"].push_back(std::move(reference));
    }
}

/// Looks for schemas in everything that is none: under "schema", and those of the components.
void convert_object(Json& object) {
    for (auto& [key, value] : object.members()) {
        if (key == "schema") {
            convert_schema(value);
        } else if (key == "schemas") {
            for (auto& [name, schema] : value.members()) convert_schema(schema);
        } else if (key == "example" || key == "examples" || key.starts_with("x-")) {
            continue;
        } else if (value.is_object()) {
            convert_object(value);
        } else if (value.is_array()) {
            for (Json& item : value.items()) {
                if (item.is_object()) convert_object(item);
            }
        }
    }
}

}  // namespace

Json as_openapi_3_0(Json document) {
    document["openapi"] = "3.0.3";
    document.erase("jsonSchemaDialect");
    if (Json* const info = document.find("info")) {
        info->erase("summary");
        if (Json* const license = info->find("license")) license->erase("identifier");
    }
    convert_object(document);
    if (Json* const webhooks = document.find("webhooks")) {
        document["x-webhooks"] = Json(*webhooks);
        document.erase("webhooks");
    }
    add_types_to_nullable_references(document);
    drop_unused_schemas(document);
    return document;
}

}  // namespace portico::openapi
