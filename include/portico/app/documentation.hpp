#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "portico/http/method.hpp"
#include "portico/model/slot_of.hpp"

/// What the OpenAPI document says beside what the routes themselves say. Nothing here changes how a
/// request is answered.
namespace portico::app {

/// Where there is more to read; an empty `url`: nowhere.
struct ExternalDocs {
    std::string url = {};
    std::string description = {};
};

/// What a client can do with a response: its values, as runtime expressions, are parameters of
/// another operation (OpenAPI 3.1 §4.8.20).
///
///     .links = {{.name = "GetItem",
///                .operation_id = "read_item_get",
///                .parameters = {{"item_id", "$response.body#/id"}}}}
struct Link {
    std::string name = {};
    std::string operation_id = {};
    std::vector<std::pair<std::string, std::string>> parameters = {};
    std::string description = {};
    int status = 0;  ///< Of the response that it belongs to; 0: the handler's own.
};

/// A request that the application sends to others, and the answer that it expects: made with
/// `webhook<Body>` or `callback<Body>`.
struct OutgoingRequest {
    std::string name = {};  ///< Its key in the document.
    std::string url = {};   ///< Of a callback: a runtime expression.
    std::string summary = {};
    std::string description = {};
    std::vector<std::string> tags = {};
    http::Method method = http::Method::post;
    int status = 200;  ///< Of the answer.
    std::string response_description = {};
    model::Slot (*body)() = nullptr;
    model::Slot (*answer)() = nullptr;  ///< Null: any answer will do.
};

/// A request that goes to whoever has subscribed, by means that the document does not know.
///
///     AppOptions{.webhooks = {webhook<ItemSold>("item-sold", {.summary = "An item was sold"})}}
template <class Body, class Answer = void>
[[nodiscard]] OutgoingRequest webhook(std::string name, OutgoingRequest request = {}) {
    request.name = std::move(name);
    request.body = &model::slot_of<Body>;
    if constexpr (!std::is_void_v<Answer>) request.answer = &model::slot_of<Answer>;
    return request;
}

/// A request that goes to an address which the route was told.
///
///     .callbacks = {callback<InvoicePaid>("invoice-paid", "{$request.body#/callback_url}")}
template <class Body, class Answer = void>
[[nodiscard]] OutgoingRequest callback(std::string name, std::string url,
                                       OutgoingRequest request = {}) {
    request.url = std::move(url);
    return webhook<Body, Answer>(std::move(name), std::move(request));
}

}  // namespace portico::app
