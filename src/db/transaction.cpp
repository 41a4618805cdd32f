#include "portico/db/transaction.hpp"

#include <algorithm>
#include <random>

#include "portico/db/error.hpp"

namespace portico::db::detail {

bool worth_another_attempt(const std::exception_ptr& failure) noexcept {
    try {
        std::rethrow_exception(failure);
    } catch (const Error& error) {
        return error.kind() == Error::Kind::serialization || error.kind() == Error::Kind::deadlock;
    } catch (const Busy&) {
        return true;
    } catch (const Unavailable&) {
        return true;
    } catch (...) {
        return false;
    }
}

std::chrono::nanoseconds pause_after(int attempt, const TransactionOptions& options) {
    // Two that got in each other's way must not meet again: between half and all of it.
    thread_local std::minstd_rand random{std::random_device{}()};
    const std::chrono::nanoseconds longest = options.pause * (1 << std::min(attempt - 1, 10));
    std::uniform_int_distribution<std::int64_t> part(longest.count() / 2, longest.count());
    return std::chrono::nanoseconds{part(random)};
}

}  // namespace portico::db::detail
