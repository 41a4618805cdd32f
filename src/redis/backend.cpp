#include "redis/backend.hpp"

namespace portico::redis {

void Health::lost(const ClientOptions& options, std::string_view why) {
    const std::scoped_lock lock(mutex_);
    if (lost_.fetch_add(1) == 0 && options.on_lost) options.on_lost(why);
}

void Health::back(const ClientOptions& options) {
    const std::scoped_lock lock(mutex_);
    if (lost_.fetch_sub(1) == 1 && options.on_back) options.on_back();
}

void Health::forget() noexcept {
    lost_.fetch_sub(1);
}

}  // namespace portico::redis
