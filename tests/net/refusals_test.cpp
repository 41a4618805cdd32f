#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/live_server.hpp"

namespace portico::net::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// What the engine answers itself, when a request can't reach the handler.

TEST(Refusals, of_a_malformed_request_say_what_is_wrong_with_it) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    client.send("GET / HTTP/1.1\r\nHost : x\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = client.rest();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nX-Request-ID: "));
    EXPECT_THAT(answer, EndsWith("Malformed header field name"));
    EXPECT_EQ(handler.handled, 0);
}

TEST(Refusals, of_a_flood_of_fields_reach_a_client_that_still_sends) {
    FunctionHandler handler;
    LiveServer server{handler};
    Client client{*server};
    std::string flood = "GET / HTTP/1.1\r\nHost: x\r\n";
    for (int i = 0; i < 10'000; ++i) flood += "X-" + std::to_string(i) + ": y\r\n";
    client.send(flood);
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 431 "));
    EXPECT_FALSE(client.was_reset());
}

TEST(Refusals, a_client_that_sends_all_of_a_body_that_is_too_long_reads_why) {
    FunctionHandler handler;
    LiveServer server{handler};
    const std::string body(8 * 1024 * 1024, 'x');
    for (int i = 0; i < 10; ++i) {
        Client client{*server};
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8388608\r\n\r\n");
        ASSERT_TRUE(client.send(body)) << "cut off after " << i;
        ASSERT_THAT(client.response(), StartsWith("HTTP/1.1 413 "));
        ASSERT_FALSE(client.was_reset());
    }
}

TEST(Refusals, end_even_for_a_client_that_sends_for_ever) {
    FunctionHandler handler;
    LiveServer server{handler, {.timeouts = {.linger = std::chrono::milliseconds{20}}}};
    Client client{*server};
    client.send("GET / HTTP/1.0\r\nHost : x\r\n\r\n");
    const std::string block(1024 * 1024, 'x');
    while (client.send(block)) {
    }
    EXPECT_TRUE(server.stop());
}

TEST(Refusals, do_not_wait_for_a_client_that_goes_away_after_100_continue) {
    FunctionHandler handler;
    handler.on_task = [](Exchange& exchange) -> core::Task<void> {
        exchange.response.text() = std::string{co_await exchange.request.body()};
    };
    LiveServer server{handler};
    const std::string head =
        "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    Client half{*server};
    half.send(head);
    EXPECT_EQ(half.response(), "HTTP/1.1 100 Continue\r\n\r\n");
    half.end_sending();
    EXPECT_THAT(half.rest(), StartsWith("HTTP/1.1 400 "));
    Client gone{*server};
    gone.send(head);
    EXPECT_EQ(gone.response(), "HTTP/1.1 100 Continue\r\n\r\n");
    gone.reset();
    half.close();
    EXPECT_TRUE(server.stop());
    EXPECT_EQ(handler.handled, 2);
}

TEST(Refusals, have_the_caller_s_request_id_when_it_came_before_the_fault) {
    FunctionHandler handler;
    LiveServer server{handler};
    const auto id_of = [&](const std::string& fields) {
        Client client{*server};
        client.send("GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
        const auto answer = client.rest();
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
        const auto at = answer.find("X-Request-ID: ") + 14;
        return answer.substr(at, answer.find("\r\n", at) - at);
    };
    EXPECT_EQ(id_of("X-Request-ID: mine\r\nHost: again\r\n"), "mine");
    EXPECT_EQ(id_of("Host: again\r\nX-Request-ID: late\r\n").size(), 36U);
    EXPECT_EQ(id_of("X-Request-ID: <b>\r\nHost: again\r\n").size(), 36U);
}

TEST(Refusals, of_a_head_request_have_no_body) {
    FunctionHandler handler;
    LiveServer server{handler};
    for (const std::string fault : {"X : y\r\n", "Content-Length: 9999999\r\n"}) {
        Client client{*server};
        client.send("HEAD / HTTP/1.1\r\nHost: x\r\n" + fault + "\r\n");
        const auto answer = client.rest();
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 4"));
        EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: "));
        EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
    }
}

TEST(Refusals, of_what_is_too_long_have_the_phrase_of_rfc_9110) {
    FunctionHandler handler;
    LiveServer server{handler};
    const auto answer_to = [&](const std::string& head) {
        Client client{*server};
        client.send(head);
        return client.rest();
    };
    std::string fields;
    for (int i = 0; i < 101; ++i) fields += "X: y\r\n";
    for (const std::string& head :
         {"GET /" + std::string(9000, 'a'), "GET /" + std::string(8192, 'a') + " HTTP/1.1\r\n",
          "GET / HTTP/1.1\r\nX: " + std::string(17'000, 'a'),
          "GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n"}) {
        const auto answer = answer_to(head);
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 4"));
        // An empty detail: the application words it with the status's phrase.
        EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
    }
}

TEST(Refusals, end_the_connection_and_what_was_sent_behind_is_not_looked_at) {
    for (const std::string fault :
         {"GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: "
          "chunked\r\n\r\n0\r\n"
          "\r\n",
          "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"}) {
        FunctionHandler handler;
        LiveServer server{handler};
        Client client{*server};
        client.send("GET /first HTTP/1.1\r\nHost: x\r\n\r\n" + fault +
                    "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_EQ(body_of(client.response()), "GET /first");
        const auto answer = client.response();
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 4"));
        EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n"));
        EXPECT_EQ(client.rest(), "");
        EXPECT_EQ(handler.handled, 1);
    }
}

}  // namespace
}  // namespace portico::net::test
