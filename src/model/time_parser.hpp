#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portico::model {

/// A cursor over a date, a time or both, with Pydantic's words for what is wrong; null: nothing is.
class TimeParser {
public:
    using Error = const char*;

    explicit TimeParser(std::string_view text) : text_(text) {}

    Error date(std::chrono::year_month_day& out);
    /// "HH:MM[:SS[.f]]"; a duration may have any number of hours.
    Error time(std::chrono::microseconds& out, bool any_hours = false);
    /// "Z", "+HH:MM", or nothing, which is an error unless the text ends here.
    Error offset(std::optional<std::chrono::minutes>& out);

    bool take(char c);
    bool take_separator() { return take('T') || take('t') || take('_') || take(' '); }
    [[nodiscard]] std::size_t left() const { return text_.size() - at_; }

    static constexpr Error kTooShort = "input is too short";
    static constexpr Error kExtra = "unexpected extra characters at the end of the input";

private:
    Error fraction(std::uint64_t& micros);
    bool digits(std::size_t count, unsigned& out);
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// Seconds as a number is written, in microseconds; none: it is no number, or too large for them.
[[nodiscard]] std::optional<std::chrono::microseconds> microseconds_from(std::string_view number);

void append_padded(unsigned value, unsigned width, std::string& out);
/// "21:37:27", "21:37:27.500000"
void append_clock(std::chrono::microseconds since_midnight, std::string& out);

}  // namespace portico::model
