#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "portico/core/task.hpp"
#include "portico/redis/client.hpp"

namespace portico::guard {

/// What to do with a channel on which changes are told.
struct Channel {
    std::string name;
    std::function<void(std::string_view message)> on_message;
    /// Reads what the changes have come to: at the start, and when some may have been missed. Tried
    /// again while Redis is away.
    std::function<core::Task<void>()> read;
};

/// Hears a channel until the task ends, on the loop that it is awaited on.
[[nodiscard]] core::Task<void> follow(redis::Client& client, Channel channel,
                                      core::Task<void> until);

}  // namespace portico::guard
