// expect: deleted
#include "portico/core/task.hpp"

portico::core::Task<int> twice(portico::core::Task<int>& task) {
    auto copy = task;
    co_return co_await std::move(copy);
}
