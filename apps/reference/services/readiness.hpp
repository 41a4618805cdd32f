#pragma once

#include <chrono>
#include <string>

#include <portico/cache/memo.hpp>
#include <portico/db.hpp>
#include <portico/portico.hpp>

#include "services/other_instances.hpp"

namespace reference {

using namespace portico;

/// Whether what the server stands on answers. Asked at most once a second, however many probe.
class Readiness {
public:
    static constexpr bool thread_safe = true;

    /// What does not answer, separated by commas; empty: all do.
    Task<std::string> missing(const Database& database, OtherInstances& others, const Clock& clock);

private:
    cache::Memo<std::string> probed_{std::chrono::seconds(1)};
};

}  // namespace reference
