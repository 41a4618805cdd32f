#include "portico/app/event_source.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "portico/middleware/timeout.hpp"
#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using namespace std::chrono_literals;
using core::Generator;
using testing::FakeClock;
using testing::TestClient;

struct Tick {
    int n = 0;
};

std::string text_of(const ServerSentEvent& event) {
    std::string out;
    event.append_to(out);
    return out;
}

TEST(ServerSentEvents, have_their_lines_in_order) {
    EXPECT_EQ(text_of({.data = Tick{1}, .event = "tick", .id = "7", .retry = 3000, .comment = "c"}),
              ": c\nevent: tick\ndata: {\"n\":1}\nid: 7\nretry: 3000\n\n");
    EXPECT_EQ(text_of({.data = std::string("a\nb")}), "data: \"a\\nb\"\n\n");
    EXPECT_EQ(text_of({.comment = "only"}), ": only\n\n");
    EXPECT_EQ(text_of({.raw_data = "", .id = "", .retry = 0}), "data: \nid: \nretry: 0\n\n");
}

TEST(ServerSentEvents, raw_data_and_comments_are_split_at_every_line_ending) {
    EXPECT_EQ(text_of({.raw_data = "a\nb\rc\r\nd"}), "data: a\ndata: b\ndata: c\ndata: d\n\n");
    EXPECT_EQ(text_of({.raw_data = "a\r\n\r\nb\n"}), "data: a\ndata: \ndata: b\ndata: \n\n");
    EXPECT_EQ(text_of({.comment = "a\rdata: b"}), ": a\n: data: b\n\n");
}

TEST(ServerSentEvents, what_would_become_another_event_is_refused) {
    EXPECT_THROW(text_of({.event = "a\ndata: x"}), std::invalid_argument);
    EXPECT_THROW(text_of({.event = "a\r"}), std::invalid_argument);
    EXPECT_THROW(text_of({.id = "1\n"}), std::invalid_argument);
    EXPECT_THROW(text_of({.id = std::string("1\0", 2)}), std::invalid_argument);
    EXPECT_THROW(text_of({.retry = -1}), std::invalid_argument);
    EXPECT_THROW(text_of({.data = Tick{1}, .raw_data = "1"}), std::invalid_argument);
}

Generator<ServerSentEvent> named(int count) {
    for (int i = 1; i <= count; ++i) co_yield {.data = Tick{i}, .id = std::to_string(i)};
}

TEST(EventSources, are_handlers_that_yield) {
    App app;
    app.get("/ticks", []() -> EventSourceResponse<Tick> {
        co_yield Tick{1};
        const Tick second{2};
        co_yield second;
    });
    app.post("/named", []() -> EventSourceResponse<> { return named(1); }, {.status_code = 201});
    TestClient client(app);
    const auto response = client.get("/ticks");
    EXPECT_EQ(response.status_code, 200);
    EXPECT_EQ(response.header("Content-Type"), "text/event-stream");
    EXPECT_EQ(response.header("Cache-Control"), "no-cache");
    EXPECT_EQ(response.header("X-Accel-Buffering"), "no");
    EXPECT_EQ(response.text, "data: {\"n\":1}\n\ndata: {\"n\":2}\n\n");
    const auto posted = client.post("/named");
    EXPECT_EQ(posted.status_code, 201);
    EXPECT_EQ(posted.text, "data: {\"n\":1}\nid: 1\n\n");
    EXPECT_EQ(client.head("/ticks").text, "");
}

TEST(EventSources, go_on_after_the_last_event_that_the_client_saw) {
    App app;
    app.get(
        "/ticks",
        [](Header<std::optional<std::string>, "Last-Event-ID"> last) -> EventSourceResponse<Tick> {
            co_yield Tick{*last ? std::stoi(**last) + 1 : 0};
        });
    TestClient client(app);
    EXPECT_EQ(client.get("/ticks").text, "data: {\"n\":0}\n\n");
    EXPECT_EQ(client.get("/ticks", {.headers = {{"Last-Event-ID", "41"}}}).text,
              "data: {\"n\":42}\n\n");
}

TEST(EventSources, send_a_comment_when_nothing_has_happened_for_15_seconds) {
    App app;
    app.get("/ticks", []() -> EventSourceResponse<Tick> {
        co_yield Tick{1};
        co_await core::sleep_for(40s);
        co_yield Tick{2};
    });
    FakeClock clock;
    TestClient client(app, {.clock = &clock});
    auto started = client.start("GET", "/ticks");
    client.run_ready();
    EXPECT_EQ(started.received().text, "data: {\"n\":1}\n\n");
    clock.advance(14s);
    client.run_ready();
    EXPECT_EQ(started.received().text, "data: {\"n\":1}\n\n");
    clock.advance(1s);
    client.run_ready();
    EXPECT_EQ(started.received().text, "data: {\"n\":1}\n\n: ping\n\n");
    clock.advance(15s);
    client.run_ready();
    clock.advance(10s);
    EXPECT_EQ(started.wait().text, "data: {\"n\":1}\n\n: ping\n\n: ping\n\ndata: {\"n\":2}\n\n");
}

TEST(EventSources, last_longer_than_a_request_may) {
    App app;
    app.add_middleware<middleware::TimeoutMiddleware>(5s);
    app.get("/ticks", []() -> EventSourceResponse<Tick> {
        for (int n = 1; n < 3; ++n) {
            co_await core::sleep_for(10s);
            co_yield Tick{n};
        }
    });
    FakeClock clock;
    TestClient client(app, {.clock = &clock});
    auto started = client.start("GET", "/ticks");
    for (int i = 0; i < 2; ++i) {
        client.run_ready();
        clock.advance(10s);
    }
    EXPECT_EQ(started.wait().text, "data: {\"n\":1}\n\ndata: {\"n\":2}\n\n");
}

TEST(EventSources, end_when_the_client_is_gone_and_not_before_what_they_wait_for) {
    App app;
    int ended = 0;
    app.get("/ticks", [&ended]() -> EventSourceResponse<Tick> {
        struct Count {
            int& ended;
            ~Count() { ++ended; }
        } const count{ended};
        for (int n = 0;; ++n) {
            co_yield Tick{n};
            co_await core::sleep_for(20s);
        }
    });
    FakeClock clock;
    TestClient client(app, {.clock = &clock});
    auto started = client.start("GET", "/ticks");
    client.run_ready();
    clock.advance(15s);
    started.disconnect();
    client.run_ready();  // the comment finds nobody
    EXPECT_EQ(ended, 0);
    EXPECT_FALSE(started.done());
    clock.advance(5s);
    client.run_ready();
    EXPECT_EQ(ended, 1);
    EXPECT_TRUE(started.done());
    EXPECT_EQ(started.wait().text, "data: {\"n\":0}\n\n");
}

TEST(EventSources, an_exception_comes_after_what_was_yielded_and_is_reported) {
    int reported = 0;
    App app{{.on_error = [&](const http::Request* request, std::exception_ptr) {
        reported += request != nullptr ? 1 : 0;
    }}};
    app.get("/thrown", []() -> EventSourceResponse<Tick> {
        co_yield Tick{1};
        throw std::runtime_error("no more");
    });
    app.get("/wrong", []() -> EventSourceResponse<> {
        co_yield {.data = Tick{1}};
        co_yield {.data = Tick{2}, .event = "two\nlines"};
    });
    TestClient client(app);
    for (const auto* path : {"/thrown", "/wrong"}) {
        auto started = client.start("GET", path);
        client.run_ready();
        EXPECT_TRUE(started.done());
        EXPECT_EQ(started.received().text, "data: {\"n\":1}\n\n");
        EXPECT_ANY_THROW(started.wait());
    }
    EXPECT_EQ(reported, 2);
}

TEST(JsonLines, are_what_a_generator_gives) {
    App app;
    app.get("/items", []() -> Generator<Tick> {
        for (int n = 1; n <= 3; ++n) {
            co_yield Tick{n};
            if (n == 2) co_await core::sleep_for(20s);
        }
    });
    FakeClock clock;
    TestClient client(app, {.clock = &clock});
    auto started = client.start("GET", "/items");
    client.run_ready();
    EXPECT_EQ(started.received().text, "{\"n\":1}\n{\"n\":2}\n");
    clock.advance(20s);
    const auto response = started.wait();
    EXPECT_EQ(response.header("Content-Type"), "application/jsonl");
    EXPECT_EQ(response.text, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
}

TEST(JsonLines, without_end_come_in_pieces) {
    App app;
    int made = 0;
    app.get("/items", [&made]() -> Generator<Tick> {
        for (;;) {
            if (++made % 4096 == 0) co_await core::sleep_for(1s);
            co_yield Tick{made};
        }
    });
    FakeClock clock;
    TestClient client(app, {.clock = &clock});
    auto started = client.start("GET", "/items");
    client.run_ready();
    EXPECT_EQ(made, 4096);
    started.disconnect();
    clock.advance(1s);
    client.run_ready();
    EXPECT_EQ(made, 4096);
    EXPECT_TRUE(started.done());
}

TEST(Streams, are_what_a_generator_of_texts_gives) {
    App app;
    app.get("/csv", [] {
        return stream(
            []() -> Generator<std::string> {
                co_yield "a,b\n";
                co_yield "1,2\n";
            }(),
            "text/csv");
    });
    TestClient client(app);
    const auto response = client.get("/csv");
    EXPECT_EQ(response.header("Content-Type"), "text/csv");
    EXPECT_EQ(response.text, "a,b\n1,2\n");
}

TEST(EventSources, are_described_by_their_items) {
    App app;
    app.get("/ticks", []() -> EventSourceResponse<Tick> { co_return; });
    app.get("/events", []() -> EventSourceResponse<> { co_return; });
    app.get("/lines", []() -> Generator<Tick> { co_return; });
    const auto& routes = app.routes();
    const auto& ticks = routes[0].responses.at(0);
    EXPECT_EQ(ticks.media_type, "text/event-stream");
    EXPECT_TRUE(ticks.streamed);
    EXPECT_NE(ticks.slot.type, nullptr);
    EXPECT_EQ(routes[1].responses.at(0).slot.type, nullptr);
    EXPECT_EQ(routes[2].responses.at(0).media_type, "application/jsonl");
}

}  // namespace
}  // namespace portico::app
