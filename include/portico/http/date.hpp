#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace portico::http {

using DateTime = std::chrono::system_clock::time_point;

/// The length of an IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT".
inline constexpr std::size_t kDateLength = 29;

/// An IMF-fixdate (RFC 9110 §5.6.7). Years outside 0–9999 are taken as the nearest of them.
[[nodiscard]] std::string format_date(DateTime time);
/// The same into `buffer`, without allocating; the view is of it.
std::string_view format_date(DateTime time, std::span<char, kDateLength> buffer) noexcept;

/// Any of the three forms that a recipient must read (RFC 9110 §5.6.7): IMF-fixdate, RFC 850, and
/// asctime. A two-digit year that would lie more than 50 years after `now` is one in the past. The
/// name of the day must be one, but need not be right. Never allocates.
[[nodiscard]] std::optional<DateTime> parse_date(
    std::string_view text, DateTime now = std::chrono::system_clock::now()) noexcept;

/// The text of the `Date` field, formatted once a second. One for each loop; not thread-safe.
class DateCache {
public:
    /// The view is valid until the next call.
    [[nodiscard]] std::string_view at(DateTime now) noexcept {
        const auto second = std::chrono::floor<std::chrono::seconds>(now);
        if (second != second_) {
            second_ = second;
            format_date(now, buffer_);
        }
        return {buffer_.data(), buffer_.size()};
    }

private:
    std::chrono::sys_seconds second_ = std::chrono::sys_seconds::min();
    std::array<char, kDateLength> buffer_{};
};

}  // namespace portico::http
