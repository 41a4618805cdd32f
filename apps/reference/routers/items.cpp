#include <portico/http/etag.hpp>
#include <portico/pagination/page.hpp>

#include "dependencies.hpp"
#include "models/error.hpp"
#include "routers/routers.hpp"
#include "services/item.hpp"
#include "services/stats.hpp"

namespace reference {

namespace {

/// Named for the docs; the service evaluates it, in the change's transaction.
using IfMatch = Header<std::optional<std::string>, "if-match">;

ItemPublic to_public(const Item& item) {
    return {item.id,   item.title,    item.description, item.price,
            item.tags, item.owner_id, item.created_at};
}

Task<CursorPage<ItemPublic>> list_items(Query<CursorParams> page, State<ItemCursors> cursors,
                                        Depends<get_item_service> service) {
    std::int64_t after = 0;
    if (page->cursor) {
        const auto position = cursors->decode(*page->cursor);
        if (!position) {
            throw ValidationError("query.cursor: " + std::string(describe(position.error())));
        }
        after = *position;
    }
    std::vector<Item> items = co_await service->list_after(after, page->limit + 1);
    co_return make_page(
        std::move(items), static_cast<std::size_t>(page->limit), *cursors,
        [](const Item& item) { return item.id.value; }, to_public);
}

Task<Created<ItemPublic>> create_item(ItemCreate item, Security<current_user, "write"> user,
                                      Depends<get_item_service> service, const Request& request,
                                      Response& response, App& app) {
    const Item created = co_await service->create(std::move(item), user->user->id, request.clock());
    response.headers.set("Location",
                         app.url_for("read_item", {{"item_id", std::to_string(created.id)}}));
    response.headers.set("ETag", etag_of(created));
    co_return to_public(created);
}

Task<std::expected<ItemPublic, Response>> read_item(Path<std::int64_t, "item_id"> id,
                                                    Depends<get_item_service> service,
                                                    const Request& request, Response& response) {
    const Item item = co_await service->get(*id);
    const std::string etag = etag_of(item);
    response.headers.set("ETag", etag);
    switch (http::evaluate_preconditions(request, {.etag = etag})) {
        case http::Precondition::proceed:
            break;
        case http::Precondition::not_modified:
            co_return std::unexpected(Response(304));
        case http::Precondition::failed:
            throw HTTPException(412);
    }
    co_return to_public(item);
}

Task<ItemPublic> update_item(Path<std::int64_t, "item_id"> id, Partial<ItemUpdate> update, IfMatch,
                             Security<current_user, "write"> user,
                             Depends<get_item_service> service, const Request& request,
                             Response& response) {
    const Item item =
        co_await service->update(*id, update, user->user->id, user->is_admin(), request);
    response.headers.set("ETag", etag_of(item));
    co_return to_public(item);
}

Task<NoContent> delete_item(Path<std::int64_t, "item_id"> id, IfMatch,
                            Security<current_user, "write"> user, Depends<get_item_service> service,
                            const Request& request) {
    co_await service->remove(*id, user->user->id, user->is_admin(), request);
    co_return NoContent{};
}

Task<Stats> read_stats(State<StatsService> stats, Depends<get_session> session,
                       const Request& request, Response& response) {
    response.headers.set("Cache-Control", "public, max-age=300");
    co_return co_await stats->get(*session, request.clock());
}

}  // namespace

Router items_router() {
    const auto not_found = response<404, ErrorResponse>("There is no such item");
    const auto forbidden = response<403, ErrorResponse>("Not the owner's, and no admin's, token");
    const auto changed = response<412, ErrorResponse>("Changed since the given ETag");

    Router router{{.tags = {"items"}}};
    router.get("/items", list_items, {.summary = "List items", .name = "list_items"});
    router.post("/items", create_item,
                {.summary = "Create an item", .name = "create_item", .responses = {inactive_user}});
    router.get("/items/{item_id}", read_item,
               {.summary = "Read an item",
                .name = "read_item",
                .responses = {response<304>("The client has it"), not_found, changed}});
    router.patch("/items/{item_id}", update_item,
                 {.summary = "Change what is sent of an item",
                  .name = "update_item",
                  .responses = {inactive_user, forbidden, not_found, changed}});
    router.delete_("/items/{item_id}", delete_item,
                   {.summary = "Delete an item",
                    .name = "delete_item",
                    .responses = {inactive_user, forbidden, not_found, changed}});
    router.get("/stats", read_stats, {.summary = "Count users and items", .name = "read_stats"});
    return router;
}

}  // namespace reference
