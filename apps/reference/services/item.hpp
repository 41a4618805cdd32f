#pragma once

#include <string>

#include "models/user.hpp"
#include "repositories/item.hpp"

namespace reference {

/// The strong validator of an item: changes with every change of it (RFC 9110 §8.8.3).
[[nodiscard]] std::string etag_of(const Item& item);

/// What can be done with items. A request's own; its writes are its session's.
class ItemService {
public:
    explicit ItemService(ItemRepository items) noexcept : items_(items) {}

    Task<std::vector<Item>> list_after(std::int64_t after, std::int64_t count);
    /// 404.
    Task<Item> get(std::int64_t id);
    /// 401 when there is no such owner any more.
    Task<Item> create(ItemCreate item, std::int64_t owner_id, const Clock& clock);

    /// Only what was sent changes. 404; 403 for who is neither the owner nor an admin; 412 when the
    /// request's preconditions (`If-Match`) fail on the item as it is now.
    Task<Item> update(std::int64_t id, const Partial<ItemUpdate>& update, std::int64_t user_id,
                      bool is_admin, const Request& request);
    /// 404, 403, 412.
    Task<void> remove(std::int64_t id, std::int64_t user_id, bool is_admin, const Request& request);

private:
    Task<Item> get_locked(std::int64_t id, std::int64_t user_id, bool is_admin,
                          const Request& request);

    ItemRepository items_;
};

}  // namespace reference
