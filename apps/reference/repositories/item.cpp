#include "repositories/item.hpp"

namespace reference {

Task<std::vector<Item>> ItemRepository::list_after(std::int64_t after, std::int64_t count) {
    co_return co_await where(db::column<&Item::id> > after).order_by(&Item::id).limit(count).all();
}

Task<bool> ItemRepository::lock(std::int64_t id) {
    co_return co_await where(db::column<&Item::id> == id).update(db::set(&Item::id, id)) == 1;
}

}  // namespace reference
