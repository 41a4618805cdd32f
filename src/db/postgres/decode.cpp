#include "db/postgres/decode.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <limits>

#include "db/postgres/big_endian.hpp"
#include "db/postgres/type_oid.hpp"

namespace portico::db::postgres {
namespace {

using std::chrono::days;
using std::chrono::microseconds;

constexpr std::int64_t kDay = 86'400'000'000;

void write_date(std::int64_t days_since_2000, std::string& out) {
    using std::chrono::sys_days;
    const sys_days day{days{days_since_2000 + kEpoch / kDay}};
    const std::chrono::year_month_day date{day};
    fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                   static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

void write_time(std::int64_t since_midnight, std::string& out) {
    const std::int64_t seconds = since_midnight / 1'000'000;
    fmt::format_to(std::back_inserter(out), "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60,
                   seconds % 60);
    if (const auto fraction = since_midnight % 1'000'000; fraction != 0) {
        fmt::format_to(std::back_inserter(out), ".{:06}", fraction);
    }
}

// What lies outside of the years that std::chrono knows is no date of ours: infinity is one of
// them.
constexpr bool is_day(std::int64_t days_since_2000) {
    return days_since_2000 > -730'000 && days_since_2000 < 2'900'000;
}

bool write_timestamp(std::int64_t since_2000, std::string& out) {
    const std::int64_t day = since_2000 >= 0 ? since_2000 / kDay : (since_2000 + 1) / kDay - 1;
    if (!is_day(day)) return false;
    write_date(day, out);
    out += 'T';
    write_time(since_2000 - day * kDay, out);
    return true;
}

// numeric.c, numeric_send: the number of digits, the weight of the first, the sign and the number
// of decimal places, then digits to the base of 10,000.
bool write_numeric(std::string_view bytes, std::string& out) {
    if (bytes.size() < 8) return false;
    const auto field = [&](std::size_t at) {
        return load_big_endian<std::int16_t>(bytes.data() + at * 2);
    };
    const int count = field(0);
    const int weight = field(1);
    const auto sign = static_cast<std::uint16_t>(field(2));
    const int places = field(3);
    if (sign != 0 && sign != 0x4000) return false;  // NaN, or an infinity
    if (count < 0 || places < 0 || bytes.size() != 8 + static_cast<std::size_t>(count) * 2) {
        return false;
    }
    const auto digit = [&](int index) {
        return index >= 0 && index < count ? field(4 + static_cast<std::size_t>(index)) : 0;
    };
    if (sign == 0x4000) out += '-';
    if (weight < 0) out += '0';
    for (int i = 0; i <= weight; ++i) {
        if (i == 0) {
            fmt::format_to(std::back_inserter(out), "{}", digit(i));
        } else {
            fmt::format_to(std::back_inserter(out), "{:04}", digit(i));
        }
    }
    if (places == 0) return true;
    out += '.';
    const std::size_t whole = out.size();
    for (int i = weight + 1; out.size() - whole < static_cast<std::size_t>(places); ++i) {
        fmt::format_to(std::back_inserter(out), "{:04}", digit(i));
    }
    out.resize(whole + static_cast<std::size_t>(places));
    return true;
}

void write_uuid(std::string_view bytes, std::string& out) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        const auto byte = static_cast<unsigned char>(bytes[i]);
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
}

template <class T>
Value integer(std::string_view bytes) {
    if (bytes.size() != sizeof(T)) return Value{bytes};
    return Value{std::int64_t{load_big_endian<T>(bytes.data())}};
}

template <class T>
Value real(std::string_view bytes) {
    if (bytes.size() != sizeof(T)) return Value{bytes};
    return Value{static_cast<double>(load_big_endian<T>(bytes.data()))};
}

// Adds, unless that does not fit.
Value since_1970(std::string_view bytes) {
    if (bytes.size() != 8) return Value{bytes};
    const auto since_2000 = load_big_endian<std::int64_t>(bytes.data());
    constexpr auto kLimits = std::numeric_limits<std::int64_t>{};
    if (since_2000 > kLimits.max() - kEpoch || since_2000 == kLimits.min()) return Value{bytes};
    return Value{since_2000 + kEpoch};
}

template <class T>
Value parsed(std::string_view text) {
    T number{};
    const char* const end = text.data() + text.size();
    const auto [rest, failed] = std::from_chars(text.data(), end, number);
    return failed == std::errc{} && rest == end ? Value{number} : Value{text};
}

// "2026-01-31 12:00:00.5+00", which the session's settings make of every timestamptz.
Value parsed_timestamptz(std::string_view text) {
    int part[6]{};
    constexpr std::string_view kAfter = "-- ::";
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::size_t i = 0; i < 6; ++i) {
        const auto [rest, failed] = std::from_chars(at, end, part[i]);
        if (failed != std::errc{} || part[i] < 0) return Value{text};
        at = rest;
        if (i < kAfter.size() && (at == end || *at++ != kAfter[i])) return Value{text};
    }
    std::int64_t fraction = 0;
    if (at != end && *at == '.') {
        std::int64_t unit = 100'000;
        for (++at; at != end && *at >= '0' && *at <= '9'; ++at, unit /= 10) {
            fraction += (*at - '0') * unit;
        }
    }
    if (std::string_view(at, static_cast<std::size_t>(end - at)) != "+00") return Value{text};
    const std::chrono::year_month_day date{std::chrono::year{part[0]},
                                           std::chrono::month{static_cast<unsigned>(part[1])},
                                           std::chrono::day{static_cast<unsigned>(part[2])}};
    if (!date.ok() || part[3] > 24 || part[4] > 59 || part[5] > 60) return Value{text};
    const std::int64_t day = std::chrono::sys_days{date}.time_since_epoch().count();
    return Value{day * kDay + ((part[3] * 60 + part[4]) * 60 + part[5]) * std::int64_t{1'000'000} +
                 fraction};
}

// "\x0a1b", the server's default form.
Value parsed_bytea(std::string_view text, std::string& out) {
    if (!text.starts_with("\\x") || text.size() % 2 != 0) return Value{text};
    for (std::size_t i = 2; i < text.size(); i += 2) {
        unsigned char byte = 0;
        const auto [rest, failed] = std::from_chars(&text[i], &text[i] + 2, byte, 16);
        if (failed != std::errc{} || rest != &text[i] + 2) return Value{text};
        out += static_cast<char>(byte);
    }
    return Value::of_bytes(out);
}

}  // namespace

bool decodes(unsigned oid) noexcept {
    switch (oid) {
        case kBool:
        case kBytea:
        case kName:
        case kInt8:
        case kInt2:
        case kInt4:
        case kText:
        case kOid:
        case kJson:
        case kXml:
        case kFloat4:
        case kFloat8:
        case kUnknown:
        case kBpchar:
        case kVarchar:
        case kDate:
        case kTime:
        case kTimestamp:
        case kTimestamptz:
        case kNumeric:
        case kVoid:
        case kUuid:
        case kJsonb:
            return true;
        default:
            return false;
    }
}

Value decode_binary(unsigned oid, std::string_view bytes, std::string& text) {
    switch (oid) {
        case kBytea:
            return Value::of_bytes(bytes);
        case kBool:
            return bytes.size() == 1 ? Value{std::int64_t{bytes[0] != 0}} : Value{bytes};
        case kInt2:
            return integer<std::int16_t>(bytes);
        case kInt4:
            return integer<std::int32_t>(bytes);
        case kInt8:
            return integer<std::int64_t>(bytes);
        case kOid:
            return integer<std::uint32_t>(bytes);
        case kFloat4:
            return real<float>(bytes);
        case kFloat8:
            return real<double>(bytes);
        case kTimestamptz:
            return since_1970(bytes);
        case kJsonb:
            // jsonb_send: a version, which is 1, before the text.
            return Value{bytes.starts_with('\1') ? bytes.substr(1) : bytes};
        default:
            break;
    }
    text.clear();
    bool written = false;
    if (oid == kNumeric) {
        if (write_numeric(bytes, text)) return Value::decimal(text);
    } else if (oid == kUuid && bytes.size() == 16) {
        write_uuid(bytes, text);
        written = true;
    } else if (oid == kDate && bytes.size() == 4) {
        const auto day = load_big_endian<std::int32_t>(bytes.data());
        written = is_day(day);
        if (written) write_date(day, text);
    } else if (oid == kTime && bytes.size() == 8) {
        const auto time = load_big_endian<std::int64_t>(bytes.data());
        written = time >= 0 && time <= kDay;
        if (written) write_time(time, text);
    } else if (oid == kTimestamp && bytes.size() == 8) {
        written = write_timestamp(load_big_endian<std::int64_t>(bytes.data()), text);
    }
    return Value{written ? std::string_view(text) : bytes};
}

Value decode_text(unsigned oid, std::string_view bytes, std::string& text) {
    text.clear();
    switch (oid) {
        case kBool:
            return bytes == "t" || bytes == "f" ? Value{std::int64_t{bytes == "t"}} : Value{bytes};
        case kInt2:
        case kInt4:
        case kInt8:
        case kOid:
            return parsed<std::int64_t>(bytes);
        case kFloat4:
        case kFloat8:
            return parsed<double>(bytes);
        case kNumeric:
            return bytes == "NaN" || bytes.ends_with("Infinity") ? Value{bytes}
                                                                 : Value::decimal(bytes);
        case kTimestamptz:
            return parsed_timestamptz(bytes);
        case kTimestamp:
            text = bytes;
            if (text.size() > 10 && text[10] == ' ') text[10] = 'T';
            return Value{std::string_view(text)};
        case kBytea:
            return parsed_bytea(bytes, text);
        default:
            return Value{bytes};
    }
}

}  // namespace portico::db::postgres
