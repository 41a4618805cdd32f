#include "db/sqlite/statement_cache.hpp"

namespace portico::db::sqlite {

CachedStatement* StatementCache::find(std::string_view key) noexcept {
    if (!order_.empty() && order_.front().key == key) return &order_.front();
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &order_.front();
}

CachedStatement* StatementCache::add(CachedStatement statement) {
    if (order_.size() >= capacity_) {
        sqlite3_finalize(order_.back().handle);
        by_key_.erase(order_.back().key);
        order_.pop_back();
    }
    order_.push_front(std::move(statement));
    by_key_.emplace(order_.front().key, order_.begin());
    return &order_.front();
}

void StatementCache::clear() noexcept {
    for (auto& statement : order_) sqlite3_finalize(statement.handle);
    by_key_.clear();
    order_.clear();
}

}  // namespace portico::db::sqlite
