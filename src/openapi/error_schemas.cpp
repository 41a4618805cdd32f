#include "openapi/error_schemas.hpp"

namespace portico::openapi {

using model::Json;

Json string_schema(std::string_view title) {
    Json schema = Json::object();
    schema["type"] = "string";
    if (!title.empty()) schema["title"] = title;
    return schema;
}

Json http_error_schema() {
    Json properties = Json::object();
    properties["detail"] = string_schema("Detail");
    properties["code"] = string_schema("Code");
    Json schema = Json::object();
    schema["type"] = "object";
    schema["title"] = "HTTPError";
    schema["properties"] = std::move(properties);
    schema["required"] = Json::array({"detail"});
    return schema;
}

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

Json problem_schema(const std::string* fault_ref) {
    Json schema = Json::parse(R"({"type":"object","title":"ProblemDetails","properties":{
        "type":{"type":"string","format":"uri-reference","title":"Type","default":"about:blank"},
        "title":{"type":"string","title":"Title"},
        "status":{"type":"integer","title":"Status"},
        "detail":{"type":"string","title":"Detail"},
        "instance":{"type":"string","format":"uri-reference","title":"Instance"},
        "code":{"type":"string","title":"Code"}},
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

}  // namespace portico::openapi
