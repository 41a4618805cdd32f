#include "portico/http/websocket.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace portico::http {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

const Fields kHandshake{{"Host", "example.com"},
                        {"Connection", "keep-alive, Upgrade"},
                        {"Upgrade", "websocket"},
                        {"Sec-WebSocket-Version", "13"},
                        {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};

/// A GET with these fields; `asks_upgrade` as a parser says it.
struct Handshake {
    explicit Handshake(const Fields& fields) : request(arena) {
        request.set_asks_upgrade(true);
        request.set_host("example.com");
        auto& view = request.mutable_headers();
        for (const auto& [name, value] : fields) {
            const auto at = text.size();
            text += name + value;
            view.append_range(at, name.size(), at + name.size(), value.size());
        }
        view.set_text(text.data());
    }

    core::Arena arena;
    std::string text;
    Request request;
};

Fields with(const std::string& name, const std::string& value) {
    Fields fields = kHandshake;
    std::erase_if(fields, [&](const auto& field) { return field.first == name; });
    fields.emplace_back(name, value);
    return fields;
}

int status_of(const Fields& fields) {
    const Handshake handshake(fields);
    const auto fault = check_handshake(handshake.request);
    return fault ? fault->status : 101;
}

TEST(WebSocketHandshake, is_a_get_that_asks_to_upgrade) {
    Handshake handshake(kHandshake);
    EXPECT_TRUE(asks_for_websocket(handshake.request));
    EXPECT_FALSE(check_handshake(handshake.request));
    handshake.request.set_method(Method::post, "POST");
    EXPECT_FALSE(asks_for_websocket(handshake.request));
    handshake.request.set_method(Method::get, "GET");
    handshake.request.set_asks_upgrade(false);
    EXPECT_FALSE(asks_for_websocket(handshake.request));
}

TEST(WebSocketHandshake, finds_its_protocol_in_a_list_in_any_case) {
    for (const auto* value : {"WebSocket", "h2c, websocket", "h2c ,\twebsocket"}) {
        EXPECT_TRUE(asks_for_websocket(Handshake(with("Upgrade", value)).request)) << value;
    }
    for (const auto* value : {"h2c", "websocket2", "", "web socket"}) {
        EXPECT_FALSE(asks_for_websocket(Handshake(with("Upgrade", value)).request)) << value;
    }
}

TEST(WebSocketHandshake, of_another_version_is_426) {
    EXPECT_EQ(status_of(with("Sec-WebSocket-Version", "8")), 426);
    EXPECT_EQ(status_of(with("Sec-WebSocket-Version", "13, 8")), 426);
    Fields twice = kHandshake;
    twice.emplace_back("Sec-WebSocket-Version", "13");
    EXPECT_EQ(status_of(twice), 426);
}

TEST(WebSocketHandshake, has_one_key_of_16_bytes) {
    for (const auto* key :
         {"", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBsZSBub25jZQ=a",
          "dGhlIHNhbXBsZSBub2=jZQ==", "dGhlIHNhbXBsZSBub25jZWFh", "dGhlIHNhbXBsZSBub25jZQ== "}) {
        EXPECT_EQ(status_of(with("Sec-WebSocket-Key", key)), 400) << key;
    }
    Fields twice = kHandshake;
    twice.emplace_back("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    EXPECT_EQ(status_of(twice), 400);
}

TEST(WebSocketOrigin, is_the_host_that_was_asked) {
    const auto allowed = [](const std::string& origin, bool https, std::vector<std::string> list) {
        Handshake handshake(with("Origin", origin));
        handshake.request.set_https(https);
        return is_origin_allowed(handshake.request, list);
    };
    EXPECT_TRUE(is_origin_allowed(Handshake(kHandshake).request, {}));
    EXPECT_TRUE(allowed("http://example.com", false, {}));
    EXPECT_TRUE(allowed("https://Example.com", true, {}));
    EXPECT_TRUE(allowed("https://example.com", false, {}));  // a proxy has ended the TLS
    EXPECT_FALSE(allowed("http://example.com", true, {}));
    for (const auto* other : {"https://evil.example", "https://example.com.evil.example", "null",
                              "https://example.com:8443", "", "example.com", "ftp://example.com"}) {
        EXPECT_FALSE(allowed(other, false, {})) << other;
    }
}

TEST(WebSocketOrigin, is_one_of_those_that_are_allowed) {
    const std::vector<std::string> list{"https://app.example"};
    EXPECT_TRUE(is_origin_allowed(Handshake(with("Origin", "https://app.example")).request, list));
    EXPECT_FALSE(is_origin_allowed(Handshake(with("Origin", "http://app.example")).request, list));
    EXPECT_FALSE(is_origin_allowed(Handshake(with("Origin", "http://example.com")).request, list));
    const std::vector<std::string> any{"*"};
    EXPECT_TRUE(is_origin_allowed(Handshake(with("Origin", "https://x.example")).request, any));
    Fields twice = with("Origin", "https://app.example");
    twice.emplace_back("Origin", "https://app.example");
    EXPECT_FALSE(is_origin_allowed(Handshake(twice).request, list));
}

TEST(WebSocketClose, codes_are_those_that_may_be_sent) {
    for (const auto code :
         std::initializer_list<std::uint16_t>{1000, 1003, 1007, 1011, 1014, 3000, 4999}) {
        EXPECT_TRUE(is_close_code(code)) << code;
    }
    for (const auto code : std::initializer_list<std::uint16_t>{0, 999, 1004, 1005, 1006, 1015,
                                                                1016, 2999, 5000, 65535}) {
        EXPECT_FALSE(is_close_code(code)) << code;
    }
}

}  // namespace
}  // namespace portico::http
