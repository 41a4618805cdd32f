#include "db/postgres/statement_cache.hpp"

#include <utility>

namespace portico::db::postgres {

std::shared_ptr<PreparedStatement> StatementCache::find(std::string_view key) noexcept {
    if (!order_.empty() && order_.front()->key == key) return order_.front();
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return order_.front();
}

std::shared_ptr<PreparedStatement> StatementCache::add(
    std::shared_ptr<PreparedStatement> statement) {
    std::shared_ptr<PreparedStatement> dropped;
    if (order_.size() >= capacity_) {
        dropped = std::move(order_.back());
        by_key_.erase(dropped->key);
        order_.pop_back();
    }
    order_.push_front(std::move(statement));
    by_key_.emplace(order_.front()->key, order_.begin());
    return dropped;
}

void StatementCache::remove(const PreparedStatement& statement) noexcept {
    const auto found = by_key_.find(statement.key);
    if (found == by_key_.end() || found->second->get() != &statement) return;
    const auto at = found->second;
    by_key_.erase(found);
    order_.erase(at);
}

}  // namespace portico::db::postgres
