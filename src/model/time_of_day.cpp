#include "portico/model/time_of_day.hpp"

#include "model/time_parser.hpp"

namespace portico::model {
namespace {

bool time_fault(std::string_view error, detail::TextFault& fault) {
    fault = detail::parse_fault("time_parsing", "Input should be in a valid time format, ", error);
    return false;
}

bool parse_number(std::string_view number, void* out, detail::TextFault& fault) {
    constexpr std::string_view kTooLarge = "numeric times may not exceed 86,399 seconds";
    const auto length = microseconds_from(number);
    if (number.starts_with('-') && length != std::chrono::microseconds(0)) {
        return time_fault("time in seconds should be positive", fault);
    }
    if (!length || *length >= std::chrono::hours(24)) return time_fault(kTooLarge, fault);
    *static_cast<Time*>(out) = Time(*length, std::chrono::minutes(0));
    return true;
}

}  // namespace

std::expected<Time, std::string> Time::parse(std::string_view text) {
    TimeParser parser(text);
    Time out;
    if (const auto* error = parser.time(out.since_midnight_)) return std::unexpected(error);
    if (const auto* error = parser.offset(out.offset_)) return std::unexpected(error);
    if (parser.left() != 0) return std::unexpected(TimeParser::kExtra);
    return out;
}

std::string Time::to_string() const {
    std::string out;
    append_clock(since_midnight_, out);
    if (!offset_) return out;
    if (offset_->count() == 0) return out + 'Z';
    const auto minutes = static_cast<unsigned>(std::chrono::abs(*offset_).count());
    out += offset_->count() < 0 ? '-' : '+';
    append_padded(minutes / 60, 2, out);
    out += ':';
    append_padded(minutes % 60, 2, out);
    return out;
}

constinit const detail::TextDetails TypeTraits<Time>::kText{
    .parse =
        [](std::string_view text, void* out, detail::TextFault& fault) {
            const auto time = Time::parse(text);
            if (!time) return time_fault(time.error(), fault);
            *static_cast<Time*>(out) = *time;
            return true;
        },
    .print = [](const void* value,
                std::string& out) { out += static_cast<const Time*>(value)->to_string(); },
    // A "time" has an offset (RFC 3339): a word of the OpenAPI format registry, for most have none.
    .schema = R"({"type":"string","format":"time-local"})",
    .wrong_type = "time_type",
    .wrong_type_msg = "Input should be a valid time",
    .parse_number = &parse_number,
};

}  // namespace portico::model
