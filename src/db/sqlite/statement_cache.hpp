#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace portico::db::sqlite {

struct CachedStatement {
    std::string key;
    sqlite3_stmt* handle = nullptr;
    int parameters = 0;
    bool writes = false;
};

/// Prepared statements by key, the least recently used dropped when there are too many.
class StatementCache {
public:
    explicit StatementCache(std::size_t capacity) noexcept : capacity_(capacity ? capacity : 1) {}
    ~StatementCache() { clear(); }
    StatementCache(const StatementCache&) = delete;
    StatementCache& operator=(const StatementCache&) = delete;

    /// Null when it is not there.
    [[nodiscard]] CachedStatement* find(std::string_view key) noexcept;
    CachedStatement* add(CachedStatement statement);
    void clear() noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return order_.size(); }

private:
    std::size_t capacity_;
    std::list<CachedStatement> order_;  // the most recently used first
    std::unordered_map<std::string_view, std::list<CachedStatement>::iterator> by_key_;
};

}  // namespace portico::db::sqlite
