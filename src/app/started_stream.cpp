#include "app/started_stream.hpp"

#include <exception>
#include <utility>

namespace portico::app {

core::Task<void> StartedStream::start() {
    std::exception_ptr failure;
    try {
        first_.emplace(co_await stream_->next());
    } catch (...) {
        failure = std::current_exception();
    }
    if (!failure) co_return;
    co_await stream_->close();
    std::rethrow_exception(failure);
}

core::Task<std::optional<std::string>> StartedStream::next() {
    return first_ ? take_first() : stream_->next();
}

core::Task<std::optional<std::string>> StartedStream::take_first() {
    auto piece = *std::move(first_);
    first_.reset();
    co_return piece;
}

}  // namespace portico::app
