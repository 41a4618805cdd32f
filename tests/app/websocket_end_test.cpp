#include "portico/app/websocket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "portico/app/app.hpp"
#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using core::Outcome;
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

class WebSocketEnds : public ::testing::Test {
protected:
    void SetUp() override { events.clear(); }

    /// How a socket ends whose handler is `handler`, which accepts first.
    template <class H>
    http::WebSocketClose close_after(H handler) {
        App own;
        own.options().on_error = [](const http::Request*, std::exception_ptr) {
            events.emplace_back("reported");
        };
        own.websocket("/ws", std::move(handler));
        TestClient client(own, {.raise_server_exceptions = false});
        auto socket = client.websocket("/ws");
        EXPECT_TRUE(socket.accepted()) << socket.response().text;
        return socket.wait_closed();
    }

    App app;
};

TEST_F(WebSocketEnds, how_a_handler_ends_is_the_close_code) {
    const auto end = [&](auto handler) {
        const auto close = close_after(std::move(handler));
        return std::to_string(close.code) + " " + close.reason;
    };
    EXPECT_EQ(end([](WebSocket socket) -> Task<void> {
                  socket.accept();
                  co_return;
              }),
              "1000 ");
    EXPECT_EQ(end([](WebSocket socket) -> Task<void> {
                  socket.accept();
                  socket.close(4001, "enough");
                  socket.close(4002, "again");
                  co_return;
              }),
              "4001 enough");
    EXPECT_EQ(end([](WebSocket socket) -> Task<void> {
                  socket.accept();
                  throw WebSocketException(4003, "no");
                  co_return;
              }),
              "4003 no");
    EXPECT_EQ(end([](WebSocket socket) -> Task<void> {
                  socket.accept();
                  throw WebSocketException(1006, "may not be sent");
                  co_return;
              }),
              "1011 may not be sent");
    EXPECT_EQ(end([](WebSocket socket) -> Task<void> {
                  socket.accept();
                  throw HTTPException(404, "No such room");
                  co_return;
              }),
              "1008 No such room");
    EXPECT_EQ(end([](WebSocket socket) -> Task<void> {
                  socket.accept();
                  throw core::Overloaded("blocking");
                  co_return;
              }),
              "1013 ");
    EXPECT_TRUE(events.empty());
    EXPECT_EQ(end([](WebSocket socket) -> Task<void> {
                  socket.accept();
                  throw std::runtime_error("secret");
                  co_return;
              }),
              "1011 ");
    EXPECT_THAT(events, ::testing::ElementsAre("reported"));
}

TEST_F(WebSocketEnds, a_text_that_does_not_validate_closes_with_1008_and_the_faults) {
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        try {
            (void)co_await socket.receive_json<Move>();
        } catch (const RequestValidationError& error) {
            events.push_back(error.faults().to_text());
        }
        (void)co_await socket.receive_json<Move>();
    });
    TestClient client(app);
    auto socket = client.websocket("/ws");
    socket.send_text(R"({"piece": "rook", "to": "x"})");
    EXPECT_THAT(events, ::testing::ElementsAre(HasSubstr("message.to: ")));
    socket.send_text("{");
    const auto close = socket.wait_closed();
    EXPECT_EQ(close.code, code::policy_violation);
    EXPECT_THAT(close.reason, StartsWith(R"([{"type":"json_invalid","loc":["message")"));
}

TEST_F(WebSocketEnds, a_message_of_the_other_kind_closes_with_1003) {
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        (void)co_await socket.receive_text();
    });
    TestClient client(app);
    auto socket = client.websocket("/ws");
    socket.send_bytes("x");
    EXPECT_EQ(socket.wait_closed().code, code::unsupported_data);
}

TEST_F(WebSocketEnds, a_client_that_leaves_is_a_disconnect_with_its_code) {
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        try {
            (void)co_await socket.receive();
        } catch (const WebSocketDisconnect& gone) {
            events.push_back(std::to_string(gone.code()) + gone.reason());
        }
        // What is left to do may still wait; only the socket is gone.
        co_await core::sleep_for(std::chrono::nanoseconds(1));
        EXPECT_THROW((co_await socket.send_text("x")), WebSocketDisconnect);
        EXPECT_FALSE(socket.try_send_text("x"));
        socket.close();
        events.emplace_back("end");
    });
    TestClient client(app);
    client.websocket("/ws").close(4000, "bye");
    client.websocket("/ws").disconnect();
    EXPECT_THAT(events, ::testing::ElementsAre("4000bye", "end", "1006", "end"));
}

TEST_F(WebSocketEnds, a_disconnect_that_the_handler_lets_pass_is_no_error) {
    app.options().on_error = [](const http::Request*, std::exception_ptr) {
        events.emplace_back("reported");
    };
    app.websocket("/ws", [](WebSocket socket) -> Task<void> {
        socket.accept();
        for (;;) (void)co_await socket.receive();
    });
    TestClient client(app);
    client.websocket("/ws").close();
    EXPECT_TRUE(events.empty());
}

TEST_F(WebSocketEnds, messages_are_iterated_to_the_end) {
    app.websocket("/text", [](WebSocket socket) -> Task<void> {
        socket.accept();
        auto texts = socket.iter_text();
        while (std::string* text = co_await texts.next()) co_await socket.send_text(*text + "!");
        events.emplace_back("end");
    });
    app.websocket("/bytes", [](WebSocket socket) -> Task<void> {
        socket.accept();
        auto pieces = socket.iter_bytes();
        while (std::string* bytes = co_await pieces.next()) co_await socket.send_bytes(*bytes);
    });
    app.websocket("/json", [](WebSocket socket) -> Task<void> {
        socket.accept();
        auto moves = socket.iter_json<Move>();
        while (Move* move = co_await moves.next()) co_await socket.send_text(move->piece);
    });
    app.websocket("/any", [](WebSocket socket) -> Task<void> {
        socket.accept();
        auto messages = socket.iter_messages();
        while (WebSocketMessage* message = co_await messages.next()) {
            co_await socket.send_text(message->data);
        }
    });
    TestClient client(app);
    auto text = client.websocket("/text");
    text.send_text("a");
    text.send_text("b");
    EXPECT_EQ(text.receive_text() + text.receive_text(), "a!b!");
    text.close();
    EXPECT_THAT(events, ::testing::ElementsAre("end"));
    auto bytes = client.websocket("/bytes");
    bytes.send_bytes("\xFF");
    EXPECT_EQ(bytes.receive_bytes(), "\xFF");
    bytes.send_text("text");
    EXPECT_EQ(bytes.wait_closed().code, code::unsupported_data);
    auto json = client.websocket("/json");
    json.send_json(Move{"pawn", 1});
    EXPECT_EQ(json.receive_text(), "pawn");
    json.send_text("{}");
    EXPECT_EQ(json.wait_closed().code, code::policy_violation);
    auto any = client.websocket("/any");
    any.send_bytes("x");
    EXPECT_EQ(any.receive_text(), "x");
}

struct Finishing {
    Task<void> finish(Outcome outcome) {
        events.emplace_back(outcome == Outcome::success ? "committed" : "rolled back");
        if (fails) throw std::runtime_error("no commit");
        co_return;
    }
    ~Finishing() {
        if (named) events.emplace_back("destroyed");
    }
    Finishing() = default;
    Finishing(Finishing&& other) noexcept : named(std::exchange(other.named, false)) {}
    bool named = true;
    bool fails = false;
};
Finishing finishing() {
    return {};
}

TEST_F(WebSocketEnds, dependencies_finish_after_the_handler_and_are_destroyed_at_the_end) {
    app.websocket("/ws", [](WebSocket socket, Depends<finishing> value) -> Task<void> {
        socket.accept();
        const auto how = co_await socket.receive_text();
        events.emplace_back("handler");
        value->fails = how == "fail";
        if (how == "throw") throw std::runtime_error("x");
    });
    TestClient client(app, {.raise_server_exceptions = false});
    const auto close_of = [&](const char* how) {
        events.clear();
        auto socket = client.websocket("/ws");
        socket.send_text(how);
        return socket.wait_closed().code;
    };
    EXPECT_EQ(close_of("return"), code::normal);
    EXPECT_THAT(events, ::testing::ElementsAre("handler", "committed", "destroyed"));
    EXPECT_EQ(close_of("throw"), code::internal_error);
    EXPECT_THAT(events, ::testing::ElementsAre("handler", "rolled back", "destroyed"));
    EXPECT_EQ(close_of("fail"), code::internal_error);
    events.clear();
    client.websocket("/ws").close();
    EXPECT_THAT(events, ::testing::ElementsAre("rolled back", "destroyed"));
}

TEST_F(WebSocketEnds, background_tasks_run_after_the_end) {
    app.websocket("/ws", [](WebSocket socket, BackgroundTasks& tasks) -> Task<void> {
        tasks.add([]() -> Task<void> {
            events.emplace_back("task");
            co_return;
        });
        socket.accept();
        (void)co_await socket.receive();
        events.emplace_back("handler");
    });
    TestClient client(app);
    auto socket = client.websocket("/ws");
    socket.send_text("x");
    EXPECT_EQ(socket.wait_closed().code, code::normal);
    EXPECT_THAT(events, ::testing::ElementsAre("handler", "task"));
}

}  // namespace
}  // namespace portico::app
