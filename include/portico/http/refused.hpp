#pragma once

#include <exception>
#include <string_view>
#include <utility>

#include "portico/http/headers.hpp"

namespace portico::http {

/// Thrown to answer a request with a status: by a body that is refused while it is read, by a limit
/// that is used up. The application formats it as its other errors; `HTTPException` is its
/// counterpart for handlers.
class Refused : public std::exception {
public:
    /// `detail` has static lifetime; empty: the phrase of the status.
    explicit Refused(int status, std::string_view detail = {}, Headers headers = {})
        : status_(status), detail_(detail), headers_(std::move(headers)) {}

    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] std::string_view detail() const noexcept { return detail_; }
    [[nodiscard]] const Headers& headers() const noexcept { return headers_; }
    [[nodiscard]] const char* what() const noexcept override { return "the request is refused"; }

private:
    int status_;
    std::string_view detail_;
    Headers headers_;
};

}  // namespace portico::http
