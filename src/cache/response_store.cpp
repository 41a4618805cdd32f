#include "portico/cache/response_store.hpp"

#include <iterator>
#include <utility>

namespace portico::cache {

namespace {

/// Of an entry besides its texts: nodes, the object, blocks of memory.
constexpr std::size_t kOverhead = 512;

std::size_t bytes_of(std::string_view key, const KeptResponse& response) {
    std::size_t bytes = kOverhead + key.size() + response.body.size() + response.vary.size();
    for (const auto field : response.headers) bytes += field.name.size() + field.value.size();
    return bytes;
}

}  // namespace

core::Task<bool> ResponseStore::claim(std::string_view) {
    co_return true;
}

void ResponseStore::release(std::string_view) {}

core::Task<std::shared_ptr<const KeptResponse>> MemoryResponseStore::find(
    std::string_view key, core::Clock::SystemTime now) {
    const std::scoped_lock lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) co_return nullptr;
    const auto entry = found->second;
    if (entry->response->expires_at <= now) {
        remove(entry);
        co_return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, entry);
    co_return entry->response;
}

void MemoryResponseStore::keep(std::string key, std::shared_ptr<const KeptResponse> response) {
    const std::size_t bytes = bytes_of(key, *response);
    const std::scoped_lock lock(mutex_);
    if (const auto found = by_key_.find(key); found != by_key_.end()) remove(found->second);
    if (bytes > max_bytes_) return;
    while (bytes_ + bytes > max_bytes_) remove(std::prev(entries_.end()));
    entries_.push_front({std::move(key), std::move(response), bytes});
    by_key_.emplace(entries_.front().key, entries_.begin());
    bytes_ += bytes;
}

void MemoryResponseStore::clear() {
    const std::scoped_lock lock(mutex_);
    by_key_.clear();
    entries_.clear();
    bytes_ = 0;
}

std::size_t MemoryResponseStore::bytes() const {
    const std::scoped_lock lock(mutex_);
    return bytes_;
}

void MemoryResponseStore::remove(Entries::iterator entry) {
    bytes_ -= entry->bytes;
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

}  // namespace portico::cache
