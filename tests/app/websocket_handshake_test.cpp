#include "portico/app/websocket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "portico/app/app.hpp"
#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using core::Task;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::TestClient;
namespace code = http::close_code;

std::vector<std::string> events;

struct Move {
    std::string piece;
    int to;
};

class WebSocketHandshakes : public ::testing::Test {
protected:
    void SetUp() override { events.clear(); }

    App app;
};

TEST_F(WebSocketHandshakes, what_does_not_validate_is_422) {
    app.websocket("/rooms/{room}", [](WebSocket socket, Path<int, "room">) -> Task<void> {
        socket.accept();
        co_return;
    });
    TestClient client(app);
    auto socket = client.websocket("/rooms/tea");
    EXPECT_FALSE(socket.accepted());
    EXPECT_EQ(socket.response().status_code, 422);
    EXPECT_THAT(socket.response().text, HasSubstr("int_parsing"));
    EXPECT_THROW(socket.send_text("x"), std::runtime_error);
}

Task<std::string> user(Query<std::optional<std::string>, "token"> token) {
    if (!token->has_value()) throw HTTPException(401, {}, {{"WWW-Authenticate", "Bearer"}});
    co_return **token;
}

TEST_F(WebSocketHandshakes, are_secured_as_routes_are_and_refused_by_an_ordinary_answer) {
    app.websocket("/ws", [](WebSocket socket, Security<user> name) -> Task<void> {
        if (*name == "mallory") throw HTTPException(403, "Not you");
        socket.accept();
        co_await socket.send_text(*name);
    });
    TestClient client(app);
    const auto refused = client.websocket("/ws");
    EXPECT_EQ(refused.response().status_code, 401);
    EXPECT_EQ(refused.response().header("WWW-Authenticate"), "Bearer");
    EXPECT_EQ(client.websocket("/ws?token=mallory").response().text, R"({"detail":"Not you"})");
    EXPECT_EQ(client.websocket("/ws?token=ada").receive_text(), "ada");
}

TEST_F(WebSocketHandshakes, a_handler_that_does_not_accept_answers_403) {
    app.websocket("/returns", [](WebSocket) -> Task<void> { co_return; });
    app.websocket("/closes", [](WebSocket socket) -> Task<void> {
        socket.close(code::policy_violation, "full");
        co_return;
    });
    app.websocket("/throws", [](WebSocket) -> Task<void> {
        throw WebSocketException(code::policy_violation, "not now");
        co_return;
    });
    app.websocket("/denies", [](WebSocket socket) -> Task<void> {
        socket.send_denial_response(http::Response(418, "teapot", "text/plain"));
        co_return;
    });
    app.websocket("/fails", [](WebSocket) -> Task<void> {
        throw std::runtime_error("secret");
        co_return;
    });
    TestClient client(app, {.raise_server_exceptions = false});
    const auto answer = [&](std::string_view path) {
        const auto socket = client.websocket(path);
        EXPECT_FALSE(socket.accepted());
        return std::to_string(socket.response().status_code) + " " + socket.response().text;
    };
    EXPECT_EQ(answer("/returns"), R"(403 {"detail":"Forbidden"})");
    EXPECT_EQ(answer("/closes"), R"(403 {"detail":"full"})");
    EXPECT_EQ(answer("/throws"), R"(403 {"detail":"not now"})");
    EXPECT_EQ(answer("/denies"), "418 teapot");
    EXPECT_EQ(answer("/fails"), R"(500 {"detail":"Internal Server Error"})");
    EXPECT_EQ(answer("/none"), R"(404 {"detail":"Not Found"})");
}

TEST_F(WebSocketHandshakes, exception_handlers_word_the_refusal) {
    struct Full {};
    app.exception_handler<Full>([](const http::Request&, const Full&) {
        return http::Response(409, "full", "text/plain");
    });
    app.websocket("/ws", [](WebSocket) -> Task<void> {
        throw Full{};
        co_return;
    });
    TestClient client(app, {.raise_server_exceptions = false});
    EXPECT_EQ(client.websocket("/ws").response().text, "full");
}

TEST_F(WebSocketHandshakes, a_malformed_handshake_is_refused_before_anything_runs) {
    app.websocket("/ws", [](WebSocket) -> Task<void> {
        events.emplace_back("handler");
        co_return;
    });
    TestClient client(app);
    const auto old = client.websocket("/ws", {.headers = {{"Sec-WebSocket-Version", "8"}}});
    EXPECT_EQ(old.response().status_code, 426);
    EXPECT_EQ(old.response().header("Sec-WebSocket-Version"), "13");
    EXPECT_EQ(old.response().header("Upgrade"), "websocket");
    const auto key = client.websocket("/ws", {.headers = {{"Sec-WebSocket-Key", "short"}}});
    EXPECT_EQ(key.response().status_code, 400);
    EXPECT_TRUE(events.empty());
}

TEST_F(WebSocketHandshakes, a_page_of_another_site_is_refused) {
    const auto accept = [](WebSocket socket) -> Task<void> {
        socket.accept();
        co_return;
    };
    app.websocket("/own", accept);
    app.websocket("/listed", accept, {.allowed_origins = {"https://app.example"}});
    app.websocket("/any", accept, {.allowed_origins = {"*"}});
    TestClient client(app);
    const auto status = [&](std::string_view path, const char* origin) {
        return client.websocket(path, {.headers = {{"Origin", origin}}}).response().status_code;
    };
    EXPECT_EQ(status("/own", "http://testserver"), 101);
    EXPECT_EQ(status("/own", "https://evil.example"), 403);
    EXPECT_EQ(status("/own", "null"), 403);
    EXPECT_EQ(client.websocket("/own").response().status_code, 101);
    EXPECT_EQ(status("/listed", "https://app.example"), 101);
    EXPECT_EQ(status("/listed", "http://testserver"), 403);
    EXPECT_EQ(status("/any", "https://evil.example"), 101);
}

TEST_F(WebSocketHandshakes, an_allowed_origin_is_written_as_browsers_write_it) {
    for (const auto* origin : {"app.example", "https://app.example/", "https://APP.example",
                               "https://app.example:443", "null", ""}) {
        EXPECT_THROW(app.websocket("/ws", [](WebSocket) -> Task<void> { co_return; },
                                   {.allowed_origins = {origin}}),
                     std::invalid_argument)
            << origin;
    }
}

TEST_F(WebSocketHandshakes, share_a_path_with_a_route) {
    app.get("/both", [] { return std::string("page"); });
    app.websocket("/both", [](WebSocket socket) -> Task<void> {
        socket.accept();
        co_return;
    });
    app.websocket("/only", [](WebSocket socket) -> Task<void> {
        socket.accept();
        co_return;
    });
    app.get("/plain", [] { return std::string("plain"); });
    TestClient client(app);
    EXPECT_EQ(client.get("/both").text, "\"page\"");
    EXPECT_TRUE(client.websocket("/both").accepted());
    EXPECT_EQ(client.websocket("/plain").response().text, "\"plain\"");
    const auto asked = client.get("/only");
    EXPECT_EQ(asked.status_code, 426);
    EXPECT_EQ(asked.header("Upgrade"), "websocket");
    EXPECT_EQ(asked.header("Connection"), "Upgrade");
    EXPECT_EQ(client.head("/only").status_code, 426);
    const auto posted = client.post("/only");
    EXPECT_EQ(posted.status_code, 405);
    EXPECT_EQ(posted.header("Allow"), "GET");
    EXPECT_EQ(client.request("BREW", "/only").status_code, 405);
}

TEST_F(WebSocketHandshakes, are_in_the_routes_but_in_no_document) {
    app.websocket("/ws/{id}", [](WebSocket, Path<int, "id">) -> Task<void> { co_return; });
    const auto routes = app.routes();
    ASSERT_EQ(routes.size(), 1U);
    EXPECT_TRUE(routes[0].websocket);
    EXPECT_FALSE(routes[0].options.include_in_schema);
    EXPECT_EQ(routes[0].options.name, "websocket_ws_id");
}

void set_cookie(http::Response& response) {
    response.set_cookie({.name = "seen", .value = "1"});
}

TEST_F(WebSocketHandshakes, an_acceptance_has_a_subprotocol_and_headers) {
    app.websocket("/ws",
                  [](WebSocket socket) -> Task<void> {
                      EXPECT_THAT(socket.subprotocols(),
                                  ::testing::ElementsAre("v2.chat", "chat", "x"));
                      EXPECT_THROW((socket.accept({.subprotocol = "soap"})), std::invalid_argument);
                      EXPECT_THROW((socket.accept({.headers = {{"Sec-WebSocket-Accept", "x"}}})),
                                   std::invalid_argument);
                      EXPECT_THROW((co_await socket.receive()), std::logic_error);
                      socket.accept({.subprotocol = "chat", .headers = {{"X-Room", "tea"}}});
                      EXPECT_THROW((socket.accept()), std::logic_error);
                  },
                  {.dependencies = {depends<set_cookie>()}});
    TestClient client(app);
    auto socket = client.websocket("/ws", {.headers = {{"Sec-WebSocket-Protocol", "v2.chat, chat"},
                                                       {"Sec-WebSocket-Protocol", "x"}}});
    EXPECT_EQ(socket.subprotocol(), "chat");
    EXPECT_EQ(socket.response().header("X-Room"), "tea");
    EXPECT_THAT(std::string(socket.response().header("Set-Cookie")), StartsWith("seen=1"));
}

class Layer : public http::Middleware {
public:
    http::Decision on_request(http::Exchange& exchange) override {
        events.emplace_back("in");
        if (exchange.request.query_param("refuse")) return http::Decision::refuse(exchange, 403);
        return http::Decision::proceed();
    }
    void on_response(http::Exchange& exchange) override {
        events.push_back("out " + std::to_string(exchange.response.status));
        exchange.response.headers.set("X-Layer", "1");
    }
};

TEST_F(WebSocketHandshakes, middleware_decides_before_and_sees_the_101_once) {
    app.add_middleware<Layer>();
    app.middleware([](http::Request& request, CallNext call_next) -> Task<http::Response> {
        events.emplace_back("function in");
        auto response = co_await call_next(request);
        events.emplace_back("function out");
        co_return response;
    });
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        co_await socket.receive();
        events.emplace_back("handler");
    });
    TestClient client(app);
    {
        auto socket = client.websocket("/ws");
        EXPECT_EQ(socket.response().header("X-Layer"), "1");
        socket.send_text("x");
        EXPECT_EQ(socket.wait_closed().code, code::normal);
    }
    EXPECT_THAT(events,
                ::testing::ElementsAre("in", "function in", "out 101", "handler", "function out"));
    events.clear();
    EXPECT_EQ(client.websocket("/ws?refuse=1").response().status_code, 403);
    EXPECT_THAT(events, ::testing::ElementsAre("in", "out 403"));
}

class Deadline : public http::Middleware {
    http::Decision on_request(http::Exchange& exchange) override {
        exchange.context.set_deadline(exchange.context.reactor().now() + std::chrono::seconds(5));
        return http::Decision::proceed();
    }
};

TEST_F(WebSocketHandshakes, outlive_the_deadline_of_a_request) {
    testing::FakeClock clock;
    app.add_middleware<Deadline>();
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        co_await core::sleep_for(std::chrono::hours(1));
        co_await socket.send_text("still here");
    });
    TestClient client(app, {.clock = &clock});
    auto socket = client.websocket("/ws");
    clock.advance(std::chrono::hours(2));
    EXPECT_EQ(socket.receive_text(), "still here");
}

void takes_socket(WebSocket) {}

TEST_F(WebSocketHandshakes, a_plain_route_that_asks_for_one_is_an_error_at_the_start) {
    app.get("/x", [](Depends<takes_socket>) { return 1; });
    EXPECT_THROW(app.prepare(), std::invalid_argument);
}

TEST_F(WebSocketHandshakes, a_handler_without_one_or_with_a_body_is_an_error_at_the_start) {
    App without;
    without.websocket("/x", [](http::Request&) -> Task<void> { co_return; });
    EXPECT_THROW(without.prepare(), std::invalid_argument);
    app.websocket("/x", [](WebSocket, Move) -> Task<void> { co_return; });
    EXPECT_THROW(app.prepare(), std::invalid_argument);
}

}  // namespace
}  // namespace portico::app
