#include "net/response_head.hpp"

#include <array>
#include <charconv>
#include <cstring>

#include "net/char_scan.hpp"
#include "portico/http/status.hpp"

namespace portico::net {
namespace {

char* put(char* to, std::string_view text) noexcept {
    std::memcpy(to, text.data(), text.size());
    return to + text.size();
}

bool is_connection_field(std::string_view name) noexcept {
    switch (name.size()) {
        case 10:
            return is_name(name.data(), "connection") || is_name(name.data(), "keep-alive");
        case 14:
            return is_name(name.data(), "content-length");
        case 17:
            return is_name(name.data(), "transfer-encoding");
        default:
            return false;
    }
}

/// RFC 9110 §7.8: a response with `Upgrade`, a 101 or a 426, has the option of that name too.
bool is_upgrade_option(const http::HeaderView::Field& field) noexcept {
    return field.name.size() == 10 && field.value.size() == 7 &&
           is_name(field.name.data(), "connection") && is_name(field.value.data(), "upgrade");
}

char* put_status_line(char* to, int status) noexcept {
    // RFC 9112 §4: "A server MUST send the space that separates the status-code from the
    // reason-phrase even when the reason-phrase is absent".
    to = put(to, "HTTP/1.1 ");
    *to++ = static_cast<char>('0' + status / 100);
    *to++ = static_cast<char>('0' + status / 10 % 10);
    *to++ = static_cast<char>('0' + status % 10);
    *to++ = ' ';
    to = put(to, http::status_phrase(status));
    return put(to, "\r\n");
}

}  // namespace

void append_head(std::string& out, const http::Response& response, const HeadExtras& extras) {
    // The status line, and what the connection adds.
    std::size_t size = 256;
    for (const auto field : response.headers) size += field.name.size() + field.value.size() + 4;
    const std::size_t start = out.size();
    out.resize_and_overwrite(start + size, [&](char* text, std::size_t) {
        char* to = put_status_line(text + start, response.status);
        bool has_date = false;
        for (const auto field : response.headers) {
            if (is_connection_field(field.name) && !is_upgrade_option(field)) continue;
            if (field.name.size() == 4 && is_name(field.name.data(), "date")) has_date = true;
            to = put(to, field.name);
            to = put(to, ": ");
            to = put(to, field.value);
            to = put(to, "\r\n");
        }
        // RFC 9110 §6.6.1: "An origin server with a clock MUST generate a Date header field in all
        // 2xx (Successful), 3xx (Redirection), and 4xx (Client Error) responses".
        if (!has_date) {
            to = put(to, "Date: ");
            to = put(to, extras.date);
            to = put(to, "\r\n");
        }
        if (extras.framing == Framing::length) {
            to = put(to, "Content-Length: ");
            to = std::to_chars(to, to + 20, extras.content_length).ptr;
            to = put(to, "\r\n");
        } else if (extras.framing == Framing::chunked) {
            to = put(to, "Transfer-Encoding: chunked\r\n");
        }
        // RFC 9112 §9.6: "A server that sends a "close" connection option" says so "in its final
        // response on that connection".
        if (extras.close) {
            to = put(to, "Connection: close\r\n");
        } else if (extras.keep_alive_1_0) {
            to = put(to, "Connection: keep-alive\r\n");
        }
        to = put(to, "\r\n");
        return static_cast<std::size_t>(to - text);
    });
}

void append_chunk_size(std::string& out, std::size_t size) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
    out.append(digits.data(), end).append("\r\n");
}

bool asks_to_close(const http::Headers& headers) noexcept {
    for (const auto field : headers) {
        if (field.name.size() != 10 || !is_name(field.name.data(), "connection")) continue;
        std::string_view options = field.value;
        for (std::size_t at = 0; at + 5 <= options.size(); ++at) {
            if (is_name(options.data() + at, "close")) return true;
        }
    }
    return false;
}

}  // namespace portico::net
