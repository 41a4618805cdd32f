#include "tests/conformance/apps/apps.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace portico::conformance {
namespace {

struct Order {
    Annotated<std::string> callback_url;
    Annotated<std::int64_t, gt(0)> amount;
};
struct Receipt {
    std::int64_t id;
};
struct Paid {
    std::int64_t id;
    bool paid;
};
struct Answer {
    bool ok;
};
struct Note {
    Annotated<std::optional<std::string>, description("Or nothing")> text =
        std::optional<std::string>();
    Annotated<std::int64_t, gt(0), lt(10)> level = 1;
};

}  // namespace

AppPointer make_documents() {
    auto made = std::make_unique<App>(AppOptions{
        .title = "documents",
        .summary = "In short",
        .description = "At **length**",
        .version = "2.1",
        .terms_of_service = "https://example.com/terms",
        .contact = {.name = "Us", .url = "https://example.com/us", .email = "us@example.com"},
        .license = {.name = "MIT", .identifier = "MIT"},
        .tags = {{.name = "zoo", .description = "Comes first"},
                 {.name = "orders",
                  .description = "To order",
                  .external_docs = {.url = "https://example.com/orders", .description = "More"}}},
        .servers = {{.url = "https://example.com", .description = "The one"}, {.url = "/v1"}},
        .external_docs = {.url = "https://example.com/docs", .description = "All"},
        .webhooks = {webhook<Paid, Answer>("order-paid", {.summary = "An order was paid"})}});
    App& app = *made;
    app.post("/orders", [](Order) -> Created<Receipt> { return Receipt{1}; },
             {.summary = "Order something",
              .description = "Shown.\fNot shown.",
              .tags = {"orders"},
              .operation_id = "order",
              .response_description = "Ordered",
              .deprecated = true,
              .callbacks = {callback<Paid, Answer>("paid", "{$request.body#/callback_url}",
                                                   {.summary = "It was paid"})},
              .links = {{.name = "Read",
                         .operation_id = "read_order",
                         .parameters = {{"id", "$response.body#/id"}},
                         .description = "What was ordered"}}});
    app.get("/v1/orders/{id}", [](Path<std::int64_t, "id"> id) -> Receipt { return {*id}; },
            {.tags = {"orders"},
             .operation_id = "read_order",
             .openapi_extra = R"({"x-internal": true, "tags": ["more"],
                                  "responses": {"200": {"description": "The receipt"}}})"});
    app.get("/hidden", []() -> std::int64_t { return 1; }, {.include_in_schema = false});
    app.put("/notes", [](Note note) -> Note { return note; },
            {.tags = {"zoo"},
             .responses = {response<404, Answer>("No such note"), response<409>(),
                           response<304>("As it was")}});
    app.document("/v1/openapi.json", {.title = "Version 1", .version = "1", .prefix = "/v1"});
    app.document("/zoo.json", {.tags = {"zoo"}});
    return made;
}

}  // namespace portico::conformance
