#include "openapi/operation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <typeinfo>

#include "openapi/styles.hpp"
#include "portico/app/exceptions.hpp"
#include "portico/http/status.hpp"

namespace portico::openapi {

namespace {

using model::Json;

std::string lower_method(http::Method method) {
    std::string text(http::to_string(method));
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

bool is_reference(const Json& schema) {
    return schema.find("$ref") != nullptr;
}

Json one_content(const std::string& media_type, Json schema) {
    Json media = Json::object();
    media["schema"] = std::move(schema);
    Json content = Json::object();
    content[media_type] = std::move(media);
    return content;
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

Json string_schema(std::string_view title) {
    Json schema = Json::object();
    schema["type"] = "string";
    if (!title.empty()) schema["title"] = title;
    return schema;
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

/// FastAPI's `{"detail": …}` of an HTTPException.
Json http_error_schema() {
    Json properties = Json::object();
    properties["detail"] = string_schema("Detail");
    Json schema = Json::object();
    schema["type"] = "object";
    schema["title"] = "HTTPError";
    schema["properties"] = std::move(properties);
    schema["required"] = Json::array({"detail"});
    return schema;
}

/// One fault of a 422, as FastAPI describes it.
Json fault_schema() {
    return Json::parse(R"({"type":"object","title":"ValidationError","properties":{
        "loc":{"type":"array","title":"Location",
               "items":{"anyOf":[{"type":"string"},{"type":"integer"}]}},
        "msg":{"type":"string","title":"Message"},
        "type":{"type":"string","title":"Error Type"},
        "input":{"title":"Input"},
        "ctx":{"type":"object","title":"Context"}},
        "required":["loc","msg","type"]})")
        .value();
}

Json validation_error_schema(const std::string& fault_ref) {
    Json items = Json::object();
    items["$ref"] = fault_ref;
    Json detail = Json::object();
    detail["type"] = "array";
    detail["title"] = "Detail";
    detail["items"] = std::move(items);
    Json properties = Json::object();
    properties["detail"] = std::move(detail);
    Json schema = Json::object();
    schema["type"] = "object";
    schema["title"] = "HTTPValidationError";
    schema["properties"] = std::move(properties);
    return schema;
}

/// RFC 9457 §3.1; `errors` is our extension member for the faults of a 422.
Json problem_schema(const std::string* fault_ref) {
    Json schema = Json::parse(R"({"type":"object","title":"ProblemDetails","properties":{
        "type":{"type":"string","format":"uri-reference","title":"Type","default":"about:blank"},
        "title":{"type":"string","title":"Title"},
        "status":{"type":"integer","title":"Status"},
        "detail":{"type":"string","title":"Detail"},
        "instance":{"type":"string","format":"uri-reference","title":"Instance"}},
        "required":["title","status"]})")
                      .value();
    if (fault_ref != nullptr) {
        Json items = Json::object();
        items["$ref"] = *fault_ref;
        Json errors = Json::object();
        errors["type"] = "array";
        errors["title"] = "Errors";
        errors["items"] = std::move(items);
        schema["properties"]["errors"] = std::move(errors);
        schema["title"] = "ValidationProblemDetails";
    }
    return schema;
}

/// How the handler that is asked first answers exceptions of this type; null: none is.
const app::AnswerTable* handler_answer(const app::Route& route, const std::type_info& type) {
    const auto& handlers = route.exception_handlers;
    const auto found = std::ranges::find_if(
        handlers, [&](const auto& handler) { return *handler.table->type == type; });
    return found == handlers.end() ? nullptr : found->table->answer;
}

}  // namespace

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
    if (!route.options.operation_id.empty()) {
        if (!ids_.insert(route.options.operation_id).second) {
            throw std::invalid_argument(fmt::format(
                "two operations are called \"{}\": an operation id is unique in a document",
                route.options.operation_id));
        }
        return route.options.operation_id;
    }
    std::string id = route.policy.name;
    const std::string method = lower_method(route.method);
    if (!id.ends_with("_" + method) && !id.starts_with(method + "_")) id += "_" + method;
    std::string unique = id;
    for (int n = 2; !ids_.insert(unique).second; ++n) unique = fmt::format("{}_{}", id, n);
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
            Json schema =
                schemas_.schema_of(response.slot, model::SchemaBuilder::Mode::serialization);
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
    if (!route.policy.tags.empty()) {
        Json tags = Json::array();
        for (const std::string& tag : route.policy.tags) tags.push_back(tag);
        operation["tags"] = std::move(tags);
    }
    operation["summary"] =
        route.options.summary.empty() ? model::title_of(route.policy.name) : route.options.summary;
    if (!route.options.description.empty()) operation["description"] = route.options.description;
    operation["operationId"] = id;
    if (!route.security.empty()) operation["security"] = security(route);
    if (!route.parameters.empty()) operation["parameters"] = parameters(route);
    if (!route.bodies.empty()) operation["requestBody"] = request_body(route, id);
    operation["responses"] = responses(route);
    if (route.options.deprecated) operation["deprecated"] = true;
    return operation;
}

}  // namespace portico::openapi
