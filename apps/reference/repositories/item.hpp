#pragma once

#include <vector>

#include "models/item.hpp"

namespace reference {

class ItemRepository : public db::Repository<Item> {
public:
    using Repository::Repository;

    /// At most `count` items with an id above `after`, by id.
    Task<std::vector<Item>> list_after(std::int64_t after, std::int64_t count);

    /// Takes the session's turn to write: what is read of the item after it stays true until the
    /// session ends. False: there is no such item.
    Task<bool> lock(std::int64_t id);
};

}  // namespace reference
