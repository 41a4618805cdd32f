#include "services/user_cache.hpp"

#include "services/other_instances.hpp"

namespace reference {

std::shared_ptr<const User> UserCache::get(std::int64_t id, Time now) {
    Shard& at = shard(id);
    const std::scoped_lock lock(at.mutex);
    const auto found = at.users.find(id);
    if (found == at.users.end() || now - found->second.read_at > kFreshness) return nullptr;
    return found->second.user;
}

std::uint64_t UserCache::generation(std::int64_t id) {
    Shard& at = shard(id);
    const std::scoped_lock lock(at.mutex);
    return at.generation;
}

void UserCache::put(std::shared_ptr<const User> user, std::uint64_t generation, Time now) {
    const std::int64_t id = user->id;
    Shard& at = shard(id);
    const std::scoped_lock lock(at.mutex);
    if (at.generation != generation) return;
    if (at.users.size() >= kUsersPerShard && !at.users.contains(id)) at.users.clear();
    at.users.insert_or_assign(id, Entry{std::move(user), now});
}

void UserCache::forget(std::int64_t id) {
    Shard& at = shard(id);
    const std::scoped_lock lock(at.mutex);
    ++at.generation;
    at.users.erase(id);
}

void UserCache::forget_all() {
    for (Shard& at : shards_) {
        const std::scoped_lock lock(at.mutex);
        ++at.generation;
        at.users.clear();
    }
}

Task<void> UserChanges::finish(Outcome) {
    // Also after a failure: a commit that reported one may have happened.
    for (const std::int64_t id : ids_) {
        cache_->forget(id);
        co_await others_->tell_changed(id);
    }
}

}  // namespace reference
