#include "services/item.hpp"

#include <portico/auth/refusals.hpp>
#include <portico/http/etag.hpp>

namespace reference {

namespace {

void require_owner(const Item& item, std::int64_t user_id, bool is_admin) {
    if (item.owner_id != user_id && !is_admin) {
        throw AuthorizationError("Only the owner or an admin may change this item");
    }
}

}  // namespace

std::string etag_of(const Item& item) {
    return '"' + std::to_string(item.id) + '-' + std::to_string(item.version) + '"';
}

Task<std::vector<Item>> ItemService::list_after(std::int64_t after, std::int64_t count) {
    return items_.list_after(after, count);
}

Task<Item> ItemService::get(std::int64_t id) {
    std::optional<Item> item = co_await items_.get(id);
    if (!item) throw NotFoundError("Item", id);
    co_return *std::move(item);
}

Task<Item> ItemService::create(ItemCreate item, std::int64_t owner_id, const Clock& clock) {
    auto created = co_await items_.try_create(Item{.title = std::move(item.title),
                                                   .description = std::move(item.description),
                                                   .price = item.price,
                                                   .tags = std::move(item.tags),
                                                   .owner_id = owner_id,
                                                   .created_at = DateTime(clock.now())});
    if (created) co_return *std::move(created);
    // The owner was deleted since the token was looked at, perhaps by another process.
    if (created.error().constraint() == db::IntegrityError::Constraint::foreign_key) {
        throw auth::bad_credentials(app::SecurityScopes({"write"}));
    }
    throw created.error();
}

Task<Item> ItemService::update(std::int64_t id, const Partial<ItemUpdate>& update,
                               std::int64_t user_id, bool is_admin, const Request& request) {
    Item item = co_await get_locked(id, user_id, is_admin, request);
    update.apply_to(item);
    ++item.version;
    co_await items_.update(item);
    co_return item;
}

Task<void> ItemService::remove(std::int64_t id, std::int64_t user_id, bool is_admin,
                               const Request& request) {
    co_await get_locked(id, user_id, is_admin, request);
    co_await items_.remove(id);
}

Task<Item> ItemService::get_locked(std::int64_t id, std::int64_t user_id, bool is_admin,
                                   const Request& request) {
    // Whoever may not change it learns so without a turn to write.
    require_owner(co_await get(id), user_id, is_admin);
    if (!co_await items_.lock(id)) throw NotFoundError("Item", id);
    Item item = co_await get(id);
    if (http::evaluate_preconditions(request, {.etag = etag_of(item)}) !=
        http::Precondition::proceed) {
        throw HTTPException(412);
    }
    co_return item;
}

}  // namespace reference
