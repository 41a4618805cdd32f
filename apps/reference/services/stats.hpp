#pragma once

#include <chrono>

#include <portico/cache/memo.hpp>

#include "models/item.hpp"

namespace reference {

/// How much there is; counted at most once in 300 seconds, whoever asks.
class StatsService {
public:
    static constexpr bool thread_safe = true;

    Task<Stats> get(Session& session, const Clock& clock);

private:
    cache::Memo<Stats> counted_{std::chrono::seconds(300)};
};

}  // namespace reference
