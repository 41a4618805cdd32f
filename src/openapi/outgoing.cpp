#include <fmt/format.h>

#include <stdexcept>

#include "openapi/operation.hpp"
#include "portico/http/status.hpp"

/// What the application sends to others, and what clients can do next: callbacks, webhooks, links.
namespace portico::openapi {

using model::Json;
using Mode = model::SchemaBuilder::Mode;

Json OperationWriter::path_item(const app::OutgoingRequest& request) {
    Json operation = Json::object();
    if (!request.tags.empty()) {
        for (const std::string& tag : request.tags) operation["tags"].push_back(tag);
    }
    operation["summary"] =
        request.summary.empty() ? model::title_of(request.name) : request.summary;
    if (!request.description.empty()) operation["description"] = request.description;
    if (request.body != nullptr) {
        // Here it is this application that writes the body, and that reads the answer.
        Json body = Json::object();
        body["content"] = one_content("application/json",
                                      schemas_.schema_of(request.body(), Mode::serialization));
        body["required"] = true;
        operation["requestBody"] = std::move(body);
    }
    Json response = Json::object();
    response["description"] =
        request.response_description.empty() ? "Successful Response" : request.response_description;
    if (request.answer != nullptr) {
        response["content"] =
            one_content("application/json", schemas_.schema_of(request.answer(), Mode::validation));
    }
    Json responses = Json::object();
    responses[std::to_string(request.status)] = std::move(response);
    operation["responses"] = std::move(responses);
    Json item = Json::object();
    item[method_key(request.method)] = std::move(operation);
    return item;
}

Json OperationWriter::callbacks(const app::Route& route) {
    Json all = Json::object();
    for (const app::OutgoingRequest& callback : route.options.callbacks) {
        all[callback.name][callback.url] = path_item(callback);
    }
    return all;
}

void OperationWriter::add_links(const app::Route& route, Json& responses) const {
    for (const app::Link& from : route.options.links) {
        const int status = from.status != 0          ? from.status
                           : route.responses.empty() ? 200
                                                     : route.responses.front().status;
        Json* const response = responses.find(std::to_string(status));
        if (response == nullptr) {
            throw std::invalid_argument(
                fmt::format("{} {}: the link \"{}\" is of {}, which it does "
                            "not answer",
                            http::to_string(route.method), route.path, from.name, status));
        }
        Json link = Json::object();
        link["operationId"] = from.operation_id;
        for (const auto& [name, expression] : from.parameters) {
            link["parameters"][name] = expression;
        }
        if (!from.description.empty()) link["description"] = from.description;
        (*response)["links"][from.name] = std::move(link);
    }
}

}  // namespace portico::openapi
