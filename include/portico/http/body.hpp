#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "portico/core/task.hpp"

namespace portico::http {

/// Why a request's body can't be had. `status()` is what the client is told.
enum class BodyError : std::uint8_t {
    too_large,     ///< Longer than the route's bound: 413.
    too_slow,      ///< Below the minimum rate: 408.
    malformed,     ///< The chunked coding is broken: 400, and the connection closes.
    disconnected,  ///< The client went away before the end: nothing is sent.
};

[[nodiscard]] int status_of(BodyError error) noexcept;

/// Where a request's body comes from. One reader, on the loop.
class BodySource {
public:
    /// The whole body when it is here already: the common case of a small body, without suspension.
    /// Empty optional: ask `read_all`. An error can be known at once (`Content-Length` too large).
    [[nodiscard]] virtual std::optional<std::expected<std::string_view, BodyError>> buffered(
        std::size_t limit) = 0;

    /// The whole body, of at most `limit` bytes. The view lives as long as the request.
    [[nodiscard]] virtual core::Task<std::expected<std::string_view, BodyError>> read_all(
        std::size_t limit) = 0;

    /// The next piece, valid until the next call; empty at the end. The client is read no faster
    /// than this is called. Counts against `limit` over all calls.
    [[nodiscard]] virtual core::Task<std::expected<std::string_view, BodyError>> read_some(
        std::size_t limit) = 0;

    /// From `Content-Length`; nothing for a chunked body.
    [[nodiscard]] virtual std::optional<std::uint64_t> length() const noexcept = 0;

protected:
    ~BodySource() = default;
};

}  // namespace portico::http
