#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "portico/db/driver.hpp"
#include "portico/db/options.hpp"

namespace portico::db::detail {

/// Who is told of a statement that a session repeats.
struct RepeatWatch {
    std::function<void(const RepeatedStatement&)> tell;
    std::size_t most;
    Dialect dialect;
};

/// How often a session ran each of its statements for one row.
class Repeats {
public:
    void add(const Statement& statement, const RepeatWatch& watch);

private:
    struct Count {
        std::size_t statement;  // the hash of its key
        std::size_t times;
    };
    std::vector<Count> counts_;
};

}  // namespace portico::db::detail
