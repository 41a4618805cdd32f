#pragma once

#include <span>

#include "portico/app/app.hpp"

namespace portico::app {

/// What an exception is to the engine.
struct ErrorKind {
    bool cancelled = false;   ///< Nobody is there to be answered.
    bool unforeseen = false;  ///< A 500 whose cause is reported.
    int status = 500;
};

/// Looks at `error`; replaces what the framework throws for itself (a full queue, a deadline, a
/// body that can't be had) by the `HTTPException` that it is answered as.
[[nodiscard]] ErrorKind classify(CaughtError& error) noexcept;

/// The handler of an exception: the nearest router's first, then the most derived type. A handler
/// for `std::exception` is for what is unforeseen, not for those that have a form of their own.
[[nodiscard]] const ExceptionHandler* find_handler(std::span<const ExceptionHandler> handlers,
                                                   const CaughtError& error,
                                                   bool unforeseen) noexcept;

/// Answers an exception in the application's error format.
void write_error(const AppOptions& options, const CaughtError& error, http::Response& response);

/// The headers of an exception belong on its answer, whoever formats it.
void put_headers(const CaughtError& error, http::Response& response);

}  // namespace portico::app
