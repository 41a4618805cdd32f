#pragma once

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace portico::db::postgres {

/// A statement that a connection has prepared. A job keeps it while it runs, even if the cache has
/// dropped it.
struct PreparedStatement {
    std::string key;
    std::string name;  ///< On the server.
    std::string text;
    std::vector<unsigned> parameters;  ///< Types.
    std::vector<unsigned> columns;     ///< Types.
    std::vector<std::string> names;    ///< Of the columns.
    bool binary = true;                ///< Rows are asked for in binary: every type has a decoder.
    bool described = false;            ///< The server has answered.
};

/// The statements of one connection, the least recently used dropped first.
class StatementCache {
public:
    explicit StatementCache(std::size_t capacity) : capacity_(capacity) {}

    [[nodiscard]] std::shared_ptr<PreparedStatement> find(std::string_view key) noexcept;
    /// What had to go for it, or null.
    std::shared_ptr<PreparedStatement> add(std::shared_ptr<PreparedStatement> statement);
    /// Unless another one has taken its place.
    void remove(const PreparedStatement& statement) noexcept;

private:
    using Order = std::list<std::shared_ptr<PreparedStatement>>;

    std::size_t capacity_;
    Order order_;  // the most recently used first
    std::unordered_map<std::string_view, Order::iterator> by_key_;
};

}  // namespace portico::db::postgres
