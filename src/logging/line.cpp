#include "logging/line.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <iterator>

#include "portico/logging/detail/escape.hpp"

namespace portico::logging::detail {
namespace {

// A calendar costs 50 ns, and a busy program writes many lines a second: each thread keeps the text
// of the second it was last asked for.
struct SecondText {
    std::chrono::sys_seconds second = std::chrono::sys_seconds::min();
    std::string text;  ///< "2026-11-23 21:37:27"
};

std::string_view text_of(std::chrono::sys_seconds second) {
    thread_local SecondText cached;
    if (cached.second != second) {
        const auto day = std::chrono::floor<std::chrono::days>(second);
        const std::chrono::year_month_day date(day);
        const std::chrono::hh_mm_ss time(second - day);
        cached.text =
            fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                        time.hours().count(), time.minutes().count(), time.seconds().count());
        cached.second = second;
    }
    return cached.text;
}

void append_time(std::chrono::system_clock::time_point at, Format format, std::string& out) {
    const auto second = std::chrono::floor<std::chrono::seconds>(at);
    const auto millis =
        static_cast<unsigned>(std::chrono::floor<std::chrono::milliseconds>(at - second).count());
    const std::size_t start = out.size();
    out += text_of(second);
    out += format == Format::text ? ',' : '.';
    out += static_cast<char>('0' + millis / 100);
    out += static_cast<char>('0' + millis / 10 % 10);
    out += static_cast<char>('0' + millis % 10);
    if (format == Format::json) {
        out[start + 10] = 'T';
        out += 'Z';
    }
}

// Cuts between code points, so that the cut itself makes no invalid UTF-8.
std::string_view cut(std::string_view text, std::size_t most) noexcept {
    if (text.size() <= most) return text;
    std::size_t at = most;
    while (at > most - 4 && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80) --at;
    return text.substr(0, at);
}

void append_text(std::string_view text, std::size_t most, Escaping escaping, std::string& out) {
    append_escaped(cut(text, most), escaping, out);
    if (text.size() > most) out += "\xe2\x80\xa6";  // …
}

bool stands_alone(std::string_view text) noexcept {
    if (text.empty() || text.size() > Field::kMostBytes) return false;
    for (const char c : text) {
        if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '=') return false;
    }
    return true;
}

void append_quoted(std::string_view text, Escaping escaping, std::string& out) {
    out += '"';
    append_text(text, Field::kMostBytes, escaping, out);
    out += '"';
}

void append_key(std::string_view key, std::string& out) {
    if (stands_alone(key)) {
        out += key;
    } else {
        append_quoted(key, Escaping::quoted, out);
    }
}

void append_text_field(const Field& field, std::string& out) {
    out += ' ';
    append_key(field.key(), out);
    out += '=';
    if (field.kind() != Field::Kind::text || stands_alone(field.text())) {
        append_value(field, out);
    } else {
        append_quoted(field.text(), Escaping::quoted, out);
    }
}

void append_json_field(const Field& field, std::string& out) {
    append_quoted(field.key(), Escaping::json, out);
    out += ':';
    if (field.kind() == Field::Kind::text) {
        append_quoted(field.text(), Escaping::json, out);
    } else if (field.kind() == Field::Kind::number && !std::isfinite(field.number())) {
        out += "null";
    } else {
        append_value(field, out);
    }
}

void append_text_line(const Record& record, std::string& out) {
    append_time(record.time, Format::text, out);
    out += " - ";
    append_escaped(record.logger, Escaping::message, out);
    out += " - ";
    out += to_string(record.level);
    out += " - ";
    append_text(record.message, kMostMessageBytes, Escaping::message, out);
    for (const Field& field : record.fields) append_text_field(field, out);
    if (!record.request_id.empty()) append_text_field(Field("request_id", record.request_id), out);
    out += '\n';
}

void append_json_line(const Record& record, std::string& out) {
    out += R"({"time":")";
    append_time(record.time, Format::json, out);
    out += R"(","logger":)";
    append_quoted(record.logger, Escaping::json, out);
    out += R"(,"level":")";
    out += to_string(record.level);
    out += R"(","message":")";
    append_text(record.message, kMostMessageBytes, Escaping::json, out);
    out += '"';
    if (!record.request_id.empty()) {
        out += R"(,"request_id":)";
        append_quoted(record.request_id, Escaping::json, out);
    }
    if (!record.fields.empty()) {
        char before = '{';
        out += R"(,"fields":)";
        for (const Field& field : record.fields) {
            out += before;
            append_json_field(field, out);
            before = ',';
        }
        out += '}';
    }
    out += "}\n";
}

}  // namespace

void append_value(const Field& field, std::string& out) {
    switch (field.kind()) {
        case Field::Kind::text:
            out += field.text();
            return;
        case Field::Kind::integer: {
            const fmt::format_int digits(field.integer());
            out.append(digits.data(), digits.size());
            return;
        }
        case Field::Kind::natural: {
            const fmt::format_int digits(field.natural());
            out.append(digits.data(), digits.size());
            return;
        }
        case Field::Kind::number:
            fmt::format_to(std::back_inserter(out), "{}", field.number());
            return;
        case Field::Kind::boolean:
            out += field.boolean() ? "true" : "false";
            return;
        case Field::Kind::null:
            out += "null";
            return;
    }
}

void append_line(const Record& record, Format format, std::string& out) {
    if (format == Format::text) {
        append_text_line(record, out);
    } else {
        append_json_line(record, out);
    }
}

}  // namespace portico::logging::detail
