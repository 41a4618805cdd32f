#include "portico/http/websocket.hpp"

#include <algorithm>

namespace portico::http {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool has_member(std::string_view list, std::string_view wanted) noexcept {
    for (;;) {
        const auto comma = list.find(',');
        if (equal_names(trimmed(list.substr(0, comma)), wanted)) return true;
        if (comma == list.npos) return false;
        list.remove_prefix(comma + 1);
    }
}

/// The base64 of 16 bytes: 22 characters, of which the last stands for two bits, and padding.
bool is_key(std::string_view key) noexcept {
    return key.size() == 24 && key.ends_with("==") &&
           key.find_first_not_of(kBase64) == key.size() - 2 &&
           std::string_view("AQgw").contains(key[21]);
}

}  // namespace

bool is_close_code(std::uint16_t code) noexcept {
    // RFC 6455 §7.4.2: "Status codes in the range 3000-3999 are reserved for use by libraries ...
    // 4000-4999 are reserved for private use". §7.4.1: 1005, 1006 and 1015 "MUST NOT be set as a
    // status code in a Close control frame by an endpoint"; 1004 has no meaning yet.
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}

bool asks_for_websocket(const Request& request) noexcept {
    if (!request.asks_upgrade() || request.method() != Method::get) return false;
    for (const HeaderView::Field field : request.headers()) {
        if (equal_names(field.name, "Upgrade") && has_member(field.value, "websocket")) return true;
    }
    return false;
}

std::optional<HandshakeFault> check_handshake(const Request& request) noexcept {
    const HeaderView& headers = request.headers();
    // RFC 6455 §4.2.2: "If this version does not match a version understood by the server, the
    // server MUST abort the WebSocket handshake ... and instead send an appropriate HTTP error code
    // (such as 426 Upgrade Required) and a |Sec-WebSocket-Version| header field".
    if (headers.count("Sec-WebSocket-Version") != 1 ||
        headers.value_or_empty("Sec-WebSocket-Version") != "13") {
        return HandshakeFault{426, "Expected Sec-WebSocket-Version: 13"};
    }
    // RFC 6455 §4.2.1: "A |Sec-WebSocket-Key| header field with a base64-encoded value that, when
    // decoded, is 16 bytes in length."
    if (headers.count("Sec-WebSocket-Key") != 1 ||
        !is_key(headers.value_or_empty("Sec-WebSocket-Key"))) {
        return HandshakeFault{400, "Expected one Sec-WebSocket-Key of 16 bytes in base64"};
    }
    // Content would lie where the first frame is read.
    if (request.body_source() != nullptr) {
        return HandshakeFault{400, "A WebSocket handshake has no content"};
    }
    return {};
}

bool is_origin_allowed(const Request& request, std::span<const std::string> allowed) noexcept {
    const HeaderView& headers = request.headers();
    const auto origin = headers.get("Origin");
    if (!origin) return true;
    if (headers.count("Origin") != 1) return false;
    if (!allowed.empty()) {
        return std::ranges::any_of(allowed, [&](const std::string& one) {
            return one == "*" || equal_names(one, *origin);
        });
    }
    std::string_view authority = *origin;
    if (authority.starts_with("https://")) {
        authority.remove_prefix(8);
    } else if (authority.starts_with("http://") && !request.is_https()) {
        authority.remove_prefix(7);
    } else {
        return false;
    }
    return equal_names(authority, request.host());
}

}  // namespace portico::http
