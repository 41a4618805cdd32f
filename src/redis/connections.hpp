#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "redis/backend.hpp"
#include "redis/connection.hpp"

namespace portico::redis {

/// A client's connections, one for each loop that has used it. The loops own them.
class Connections {
public:
    explicit Connections(std::shared_ptr<Backend> backend);
    ~Connections();
    Connections(const Connections&) = delete;
    Connections& operator=(const Connections&) = delete;

    /// The loop's own, on its thread; made when there is none.
    [[nodiscard]] std::shared_ptr<Connection> of(core::Reactor& loop);
    /// Through this thread's connection, or any.
    bool send(std::string_view bytes);

    [[nodiscard]] const std::shared_ptr<Backend>& backend() const noexcept { return backend_; }
    [[nodiscard]] ClientStatistics statistics() const;

private:
    const std::uint64_t id_;
    std::shared_ptr<Backend> backend_;
    mutable std::mutex mutex_;
    std::vector<std::weak_ptr<Connection>> all_;
};

}  // namespace portico::redis
