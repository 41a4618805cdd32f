#pragma once

#include <chrono>
#include <compare>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "portico/model/constraints.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model {

/// A time of day to the microsecond, with an offset from UTC if it was given: 21:37:27,
/// 21:37:27.500000Z, 09:00:00+01:00.
///
/// Read from "HH:MM", "HH:MM:SS" and "HH:MM:SS.ffffff", or, unless `strict`, from a number: seconds
/// since midnight in UTC.
class Time {
public:
    constexpr Time() noexcept = default;
    /// `since_midnight` is in [0 s, 24 h), `offset` within ±24 h.
    constexpr explicit Time(std::chrono::microseconds since_midnight,
                            std::optional<std::chrono::minutes> offset = {}) noexcept
        : since_midnight_(since_midnight), offset_(offset) {}

    [[nodiscard]] static std::expected<Time, std::string> parse(std::string_view text);

    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] constexpr std::chrono::microseconds since_midnight() const noexcept {
        return since_midnight_;
    }
    [[nodiscard]] constexpr std::optional<std::chrono::minutes> offset() const noexcept {
        return offset_;
    }

    /// By the clock's face, then by the offset: of two times of one offset the earlier is less.
    [[nodiscard]] auto operator<=>(const Time&) const noexcept = default;

private:
    std::chrono::microseconds since_midnight_{};
    std::optional<std::chrono::minutes> offset_;
};

template <>
struct TypeTraits<Time> {
    static constexpr std::string_view kName = "time";
    static constexpr Fits kFits = Fits::nothing;
    static const detail::TextDetails kText;
};

}  // namespace portico::model
