#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "portico/core/clock.hpp"
#include "portico/core/task.hpp"
#include "portico/http/headers.hpp"

namespace portico::cache {

/// A response that is kept, or a note about its key. Never changed once it is kept.
struct KeptResponse {
    int status = 0;  ///< 0: a note. Without `vary` it says that the key's responses are not kept.
    http::Headers headers;
    std::string body;
    std::string vary;  ///< Of a note: the request's fields that the response's own key is made of.
    core::Clock::SystemTime made_at{};
    core::Clock::SystemTime expires_at{};
};

/// Where responses are kept: in memory, or in a store that several processes share. Thread-safe.
class ResponseStore {
public:
    virtual ~ResponseStore() = default;
    /// Null where there is none that is fresh at `now`. `key` outlives the task.
    [[nodiscard]] virtual core::Task<std::shared_ptr<const KeptResponse>> find(
        std::string_view key, core::Clock::SystemTime now) = 0;
    /// Does not wait: a store at the end of a network writes later. One that fails keeps nothing.
    virtual void keep(std::string key, std::shared_ptr<const KeptResponse> response) = 0;
    virtual void clear() = 0;

    /// Asked before a response is made. True: make it, and `release` the key when that has ended.
    /// False: another process has made it meanwhile, so look again. `key` outlives the task.
    [[nodiscard]] virtual core::Task<bool> claim(std::string_view key);
    /// After `keep`, or without it when nothing came of it. Does not wait.
    virtual void release(std::string_view key);
};

/// Keeps what was used last, up to a number of bytes.
class MemoryResponseStore final : public ResponseStore {
public:
    explicit MemoryResponseStore(std::size_t max_bytes = std::size_t{64} * 1024 * 1024) noexcept
        : max_bytes_(max_bytes) {}

    [[nodiscard]] core::Task<std::shared_ptr<const KeptResponse>> find(
        std::string_view key, core::Clock::SystemTime now) override;
    void keep(std::string key, std::shared_ptr<const KeptResponse> response) override;
    void clear() override;

    [[nodiscard]] std::size_t bytes() const;

private:
    struct Entry {
        std::string key;
        std::shared_ptr<const KeptResponse> response;
        std::size_t bytes = 0;
    };
    using Entries = std::list<Entry>;

    void remove(Entries::iterator entry);

    std::size_t max_bytes_;
    mutable std::mutex mutex_;
    Entries entries_;  // the one used last is the first
    std::unordered_map<std::string_view, Entries::iterator> by_key_;
    std::size_t bytes_ = 0;
};

}  // namespace portico::cache
