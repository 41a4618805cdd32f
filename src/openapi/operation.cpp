#include "openapi/operation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>
#include <typeindex>
#include <typeinfo>
#include <vector>

#include "openapi/error_schemas.hpp"
#include "openapi/styles.hpp"
#include "openapi/written_schema.hpp"
#include "portico/app/exceptions.hpp"
#include "portico/http/status.hpp"

namespace portico::openapi {

namespace {

using model::Json;

bool is_reference(const Json& schema) {
    return schema.find("$ref") != nullptr;
}

std::string_view in_of(app::Source source) {
    switch (source) {
        case app::Source::path:
            return "path";
        case app::Source::header:
            return "header";
        case app::Source::cookie:
            return "cookie";
        default:
            return "query";
    }
}

/// Of a body that no model stands behind: a text, or anything.
Json body_schema(std::string_view media_type) {
    return media_type.starts_with("text/") ? string_schema({}) : Json::object();
}

/// WHATWG HTML §9.2.5; `data` is the JSON text of an item, where it has a schema.
Json event_schema(Json* item) {
    Json schema = Json::parse(R"({"type":"object","title":"ServerSentEvent","properties":{
        "data":{"type":"string"},
        "event":{"type":"string"},
        "id":{"type":"string"},
        "retry":{"type":"integer","minimum":0}}})")
                      .value();
    if (item == nullptr) return schema;
    Json& data = schema["properties"]["data"];
    data["contentMediaType"] = "application/json";
    data["contentSchema"] = std::move(*item);
    schema["required"] = Json::array({"data"});
    return schema;
}

/// OpenAPI 3.1 has no word for the items of a stream; as the array of them, as 3.2 reads a `schema`
/// of a sequential media type.
Json sequence_schema(Json item) {
    Json schema = Json::object();
    schema["type"] = "array";
    schema["items"] = std::move(item);
    return schema;
}

/// How the handler that is asked first answers exceptions of this type; null: none is.
const app::AnswerTable* handler_answer(const app::Route& route, const std::type_info& type) {
    const auto& handlers = route.exception_handlers;
    const auto found = std::ranges::find_if(
        handlers, [&](const auto& handler) { return *handler.table->type == type; });
    return found == handlers.end() ? nullptr : found->table->answer;
}

/// Merges as FastAPI merges `openapi_extra`: objects member by member, arrays appended.
void merge(Json& into, const Json& extra) {
    for (const auto& [key, value] : extra.members()) {
        Json* const present = into.find(key);
        if (present != nullptr && present->is_object() && value.is_object()) {
            merge(*present, value);
        } else if (present != nullptr && present->is_array() && value.is_array()) {
            for (const Json& item : value.items()) present->push_back(item);
        } else {
            into[key] = value;
        }
    }
}

std::string shown_name(const app::Route& route) {
    return fmt::format("{} {}", http::to_string(route.method), route.path);
}

/// FastAPI: a form feed ends what is meant for readers of the document.
std::string_view shown_text(std::string_view description) {
    description = description.substr(0, description.find('\f'));
    while (description.ends_with('\n') || description.ends_with(' ')) description.remove_suffix(1);
    return description;
}

Json json_array(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const std::string& text : texts) list.push_back(text);
    return list;
}

}  // namespace

Json one_content(const std::string& media_type, Json schema) {
    Json media = Json::object();
    media["schema"] = std::move(schema);
    Json content = Json::object();
    content[media_type] = std::move(media);
    return content;
}

void add_external_docs(Json& object, const app::ExternalDocs& docs) {
    if (docs.url.empty()) return;
    Json external = Json::object();
    if (!docs.description.empty()) external["description"] = docs.description;
    external["url"] = docs.url;
    object["externalDocs"] = std::move(external);
}

std::string method_key(http::Method method) {
    std::string key(http::to_string(method));
    for (char& c : key) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return key;
}

std::string given_operation_id(const app::App& app, const app::Route& route) {
    if (!route.options.operation_id.empty()) return route.options.operation_id;
    const auto& generate = app.options().generate_unique_id;
    return generate ? generate(route) : std::string();
}

OperationWriter::OperationWriter(app::App& app)
    : app_(app), schemas_("#/components/schemas/", app.options().separate_input_output_schemas) {}

std::string OperationWriter::ref(const std::string& name, Json schema) {
    own_schemas_.insert_or_assign(name, std::move(schema));
    return "#/components/schemas/" + name;
}

ErrorBody OperationWriter::answered(const app::AnswerTable& answer, int status) {
    if (answer.status != 0) status = answer.status;
    if (answer.slot != nullptr) {
        return {status,
                schemas_.schema_of(answer.slot(), model::SchemaBuilder::Mode::serialization),
                "application/json"};
    }
    return {status, body_schema(answer.media_type), std::string(answer.media_type)};
}

ErrorBody OperationWriter::http_error(const app::Route& route, int status) {
    if (const auto* answer = handler_answer(route, typeid(app::HTTPException))) {
        ErrorBody error = answered(*answer, status);
        error.status = status;
        return error;
    }
    Json schema = Json::object();
    if (app_.options().error_format == app::ErrorFormat::problem_json) {
        schema["$ref"] = ref("ProblemDetails", problem_schema(nullptr));
        return {status, std::move(schema), "application/problem+json"};
    }
    schema["$ref"] = ref("HTTPError", http_error_schema());
    return {status, std::move(schema), "application/json"};
}

/// The answers of handlers for an application's own exceptions, where their type says the status.
void OperationWriter::add_handled(const app::Route& route,
                                  const std::function<void(ErrorBody)>& add) {
    std::vector<std::type_index> seen{typeid(app::HTTPException),
                                      typeid(app::RequestValidationError), typeid(std::exception)};
    for (const app::ExceptionHandler& handler : route.exception_handlers) {
        const std::type_index type = *handler.table->type;
        // The nearest router's handler of a type is the one that answers.
        if (std::ranges::find(seen, type) != seen.end()) continue;
        seen.push_back(type);
        for (const auto* answer = handler.table->answer; answer; answer = answer->other) {
            if (answer->status != 0) add(answered(*answer, 0));
        }
    }
}

ErrorBody OperationWriter::validation_error(const app::Route& route) {
    if (const auto* answer = handler_answer(route, typeid(app::RequestValidationError))) {
        return answered(*answer, 422);
    }
    const std::string fault = ref("ValidationError", fault_schema());
    Json schema = Json::object();
    if (app_.options().error_format == app::ErrorFormat::problem_json) {
        schema["$ref"] = ref("ValidationProblemDetails", problem_schema(&fault));
        return {422, std::move(schema), "application/problem+json"};
    }
    schema["$ref"] = ref("HTTPValidationError", validation_error_schema(fault));
    return {422, std::move(schema), "application/json"};
}

std::string OperationWriter::operation_id(const app::Route& route) {
    if (std::string given = given_operation_id(app_, route); !given.empty()) {
        const auto [other, added] = ids_.try_emplace(given, shown_name(route));
        if (!added) {
            throw std::invalid_argument(
                fmt::format("{} and {} have the operation id \"{}\": it is unique in a document",
                            other->second, shown_name(route), given));
        }
        return given;
    }
    std::string id = route.policy.name;
    const std::string method = method_key(route.method);
    if (!id.ends_with("_" + method) && !id.starts_with(method + "_")) id += "_" + method;
    std::string unique = id;
    for (int n = 2; !ids_.try_emplace(unique, shown_name(route)).second; ++n) {
        unique = fmt::format("{}_{}", id, n);
    }
    return unique;
}

Json OperationWriter::slot_schema(model::Slot slot, std::string_view name,
                                  const std::string& default_json) {
    Json schema = schemas_.schema_of(slot, model::SchemaBuilder::Mode::validation);
    if (!is_reference(schema) && schema.find("title") == nullptr && !name.empty()) {
        schema["title"] = model::title_of(name);
    }
    if (!default_json.empty() && default_json != "null" && schema.find("default") == nullptr) {
        if (auto value = Json::parse(default_json)) schema["default"] = std::move(*value);
    }
    return schema;
}

/// What the path has and no handler reads is sent nevertheless (3.1 §4.8.12: "each template
/// expression in the path MUST correspond to a path parameter").
void add_unread_path_parameters(Json& list, const app::Route& route) {
    const std::string_view path = route.path;
    for (auto open = path.find('{'); open != path.npos; open = path.find('{', open + 1)) {
        const std::string_view name = path.substr(open + 1, path.find('}', open) - open - 1);
        const bool read = std::ranges::any_of(route.parameters, [&](const auto& parameter) {
            return parameter.in == app::Source::path && parameter.name == name;
        });
        if (read) continue;
        Json one = Json::object();
        one["name"] = name;
        one["in"] = "path";
        one["required"] = true;
        one["schema"]["type"] = "string";
        one["schema"]["title"] = model::title_of(name);
        list.push_back(std::move(one));
    }
}

Json OperationWriter::parameters(const app::Route& route) {
    Json list = Json::array();
    for (const app::RouteParameter& parameter : route.parameters) {
        Json schema = slot_schema(parameter.slot, parameter.name, parameter.default_json);
        Json one = Json::object();
        one["name"] = parameter.name;
        one["in"] = in_of(parameter.in);
        one["required"] = parameter.required;
        Json after = Json::object();
        for (const std::string_view key : {"description", "deprecated"}) {
            if (const Json* value = schema.find(key)) after[key] = *value;
        }
        one["schema"] = std::move(schema);
        for (const auto& [key, value] : after.members()) one[key] = value;
        describe_style(one, parameter);
        list.push_back(std::move(one));
    }
    add_unread_path_parameters(list, route);
    return list;
}

Json OperationWriter::request_body(const app::Route& route, const std::string& id) {
    const bool whole = route.bodies.size() == 1 && route.bodies.front().name.empty();
    bool required = false;
    Json schema;
    if (whole) {
        const app::RouteBody& body = route.bodies.front();
        schema = slot_schema(body.slot, {}, body.default_json);
        required = body.required;
    } else {
        Json properties = Json::object();
        Json names = Json::array();
        for (const app::RouteBody& body : route.bodies) {
            properties[body.name] = slot_schema(body.slot, body.name, body.default_json);
            if (body.required) names.push_back(body.name);
            required = required || body.required;
        }
        Json object = Json::object();
        object["type"] = "object";
        object["title"] = "Body_" + id;
        object["properties"] = std::move(properties);
        if (!names.empty()) object["required"] = std::move(names);
        schema = Json::object();
        schema["$ref"] = ref("Body_" + id, std::move(object));
    }
    Json body = Json::object();
    body["content"] =
        one_content(route.body_media_type.empty() ? "application/json" : route.body_media_type,
                    std::move(schema));
    describe_encoding(body["content"], route);
    if (required) body["required"] = true;
    return body;
}

Json OperationWriter::responses(const app::Route& route) {
    std::map<int, Json> by_status;
    const auto add = [&](int status, const std::string& description, const std::string& media_type,
                         Json schema) {
        Json& response = by_status.try_emplace(status, Json::object()).first->second;
        if (response.find("description") == nullptr) response["description"] = description;
        if (media_type.empty()) return;
        Json* content = response.find("content");
        if (content == nullptr) {
            response["content"] = Json::object();
            content = response.find("content");
        }
        Json* media = content->find(media_type);
        if (media == nullptr) {
            Json fresh = Json::object();
            fresh["schema"] = std::move(schema);
            (*content)[media_type] = std::move(fresh);
            return;
        }
        // Two bodies of one status and media type: either of them.
        Json& present = *media->find("schema");
        if (present.dump() == schema.dump()) return;
        if (Json* any = present.find("anyOf")) {
            any->push_back(std::move(schema));
            return;
        }
        Json any = Json::array();
        any.push_back(std::move(present));
        any.push_back(std::move(schema));
        Json both = Json::object();
        both["anyOf"] = std::move(any);
        present = std::move(both);
    };
    std::set<int> declared;
    for (const app::RouteResponse& response : route.responses) declared.insert(response.status);
    const auto phrase = [](int status) { return std::string(http::status_phrase(status)); };
    bool first = true;
    for (const app::RouteResponse& response : route.responses) {
        std::string description = response.description;
        if (description.empty()) {
            description = !first ? phrase(response.status)
                          : !route.options.response_description.empty()
                              ? route.options.response_description
                              : "Successful Response";
        }
        first = false;
        if (response.slot.type != nullptr) {
            Json schema = written_schema(schemas_, route, response);
            if (response.media_type == "text/event-stream") schema = event_schema(&schema);
            if (response.streamed) schema = sequence_schema(std::move(schema));
            add(response.status, description,
                response.media_type.empty() ? "application/json" : response.media_type,
                std::move(schema));
        } else if (response.streamed) {
            add(response.status, description, response.media_type,
                sequence_schema(event_schema(nullptr)));
        } else if (response.media_type.empty() && response.status >= 400) {
            ErrorBody error = http_error(route, response.status);
            add(response.status, description, error.media_type, std::move(error.schema));
        } else {
            add(response.status, description, response.media_type,
                body_schema(response.media_type));
        }
        // What is said nearer to the route counts.
        if (!response.description.empty()) {
            by_status[response.status]["description"] = response.description;
        }
    }
    if (!route.security.empty()) {
        const bool scoped = std::ranges::any_of(
            route.security, [](const auto& requirement) { return !requirement.scopes.empty(); });
        for (const int status : {401, 403}) {
            if (by_status.contains(status) || (status == 403 && !scoped)) continue;
            ErrorBody error = http_error(route, status);
            add(status, phrase(status), error.media_type, std::move(error.schema));
        }
    }
    if (route.validates && !by_status.contains(422)) {
        ErrorBody error = validation_error(route);
        add(error.status, "Validation Error", error.media_type, std::move(error.schema));
    }
    add_handled(route, [&](ErrorBody error) {
        if (declared.contains(error.status)) return;  // the route has said what it means there
        add(error.status, phrase(error.status), error.media_type, std::move(error.schema));
    });

    Json all = Json::object();
    for (auto& [status, response] : by_status) all[std::to_string(status)] = std::move(response);
    return all;
}

Json OperationWriter::security(const app::Route& route) {
    Json list = Json::array();
    for (const app::SecurityRequirement& requirement : route.security) {
        const std::string name(requirement.scheme->scheme_name());
        Json scheme = Json::parse(requirement.scheme->openapi_json()).value();
        const auto [at, added] = security_schemes_.try_emplace(name, scheme);
        if (!added && at->second.dump() != scheme.dump()) {
            throw std::invalid_argument(
                fmt::format("two different security schemes are called \"{}\"", name));
        }
        Json scopes = Json::array();
        for (const std::string& scope : requirement.scopes) scopes.push_back(scope);
        Json one = Json::object();
        one[name] = std::move(scopes);
        list.push_back(std::move(one));
    }
    return list;
}

Json OperationWriter::operation(const app::Route& route) {
    const std::string id = operation_id(route);
    Json operation = Json::object();
    if (!route.policy.tags.empty()) operation["tags"] = json_array(route.policy.tags);
    operation["summary"] =
        route.options.summary.empty() ? model::title_of(route.policy.name) : route.options.summary;
    if (const auto text = shown_text(route.options.description); !text.empty()) {
        operation["description"] = text;
    }
    add_external_docs(operation, route.options.external_docs);
    operation["operationId"] = id;
    if (!route.security.empty()) operation["security"] = security(route);
    if (Json list = parameters(route); !list.empty()) operation["parameters"] = std::move(list);
    if (!route.bodies.empty()) operation["requestBody"] = request_body(route, id);
    operation["responses"] = responses(route);
    add_links(route, operation["responses"]);
    if (!route.options.callbacks.empty()) operation["callbacks"] = callbacks(route);
    if (route.options.deprecated) operation["deprecated"] = true;
    if (!route.options.openapi_extra.empty()) {
        const auto extra = Json::parse(route.options.openapi_extra);
        if (!extra || !extra->is_object()) {
            throw std::invalid_argument(
                fmt::format("{}: its openapi_extra is no JSON object: {}", shown_name(route),
                            extra ? "another value" : extra.error().message));
        }
        merge(operation, *extra);
    }
    return operation;
}

}  // namespace portico::openapi
