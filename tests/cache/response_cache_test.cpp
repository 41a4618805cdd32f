#include "portico/cache/response_cache.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "portico/testing/test_client.hpp"

namespace {

using namespace portico;
using namespace std::chrono_literals;
using app::App;
using http::Request;
using http::Response;
using portico::testing::FakeClock;
using portico::testing::TestClient;

std::shared_ptr<const cache::KeptResponse> kept(std::size_t bytes,
                                                core::Clock::SystemTime expires_at) {
    return std::make_shared<const cache::KeptResponse>(cache::KeptResponse{
        .status = 200, .body = std::string(bytes, 'x'), .expires_at = expires_at});
}

class MemoryStoreTest : public ::testing::Test {
protected:
    bool has(std::string_view key, core::Clock::SystemTime now) {
        auto task = store_.find(key, now);
        task.handle().resume();
        return task.result() != nullptr;
    }
    const core::Clock::SystemTime now_ = FakeClock().now();
    cache::MemoryResponseStore store_{10'000};
};

TEST_F(MemoryStoreTest, forgets_what_was_used_longest_ago_when_it_is_full) {
    for (const auto* key : {"a", "b", "c"}) store_.keep(key, kept(2'500, now_ + 1s));
    EXPECT_TRUE(has("a", now_));
    store_.keep("d", kept(2'500, now_ + 1s));
    EXPECT_FALSE(has("b", now_));
    for (const auto* key : {"a", "c", "d"}) EXPECT_TRUE(has(key, now_)) << key;
    EXPECT_LE(store_.bytes(), 10'000U);
}

TEST_F(MemoryStoreTest, forgets_what_is_too_old_and_takes_nothing_that_is_too_large) {
    store_.keep("a", kept(10, now_ + 1s));
    EXPECT_TRUE(has("a", now_ + 999ms));
    EXPECT_FALSE(has("a", now_ + 1s));
    EXPECT_EQ(store_.bytes(), 0U);
    store_.keep("a", kept(10, now_ + 1s));
    store_.keep("a", kept(10'001, now_ + 1s));
    EXPECT_FALSE(has("a", now_));
}

class ResponseCacheTest : public ::testing::Test {
protected:
    explicit ResponseCacheTest(cache::ResponseCacheOptions options = {.ttl = 60s}) {
        cache_ = &app_.add_middleware<cache::ResponseCache>(std::move(options));
        app_.get("/n", [this](Request& request, Response& response) -> core::Task<int> {
            const int number = ++calls_;
            if (wait_ > 0s) co_await core::sleep_for(wait_);
            if (fails_) throw app::HTTPException(503);
            for (const auto field : answer_) response.headers.add(field.name, field.value);
            static_cast<void>(request);
            co_return number;
        });
    }

    std::string get(http::Headers headers = {}, std::string_view target = "/n") {
        portico::testing::RequestOptions options;
        for (const auto field : headers) options.headers.emplace_back(field.name, field.value);
        last_ = client_.get(target, std::move(options));
        return last_.text;
    }

    FakeClock clock_;
    App app_;
    cache::ResponseCache* cache_;
    int calls_ = 0;
    std::chrono::seconds wait_{0};
    bool fails_ = false;
    http::Headers answer_;
    portico::testing::TestResponse last_;
    TestClient client_{app_, {.clock = &clock_}};
};

TEST_F(ResponseCacheTest, answers_the_same_request_as_before_until_it_is_old) {
    EXPECT_EQ(get(), "1");
    EXPECT_EQ(last_.header("Age"), "");
    clock_.advance(59s);
    EXPECT_EQ(get(), "1");
    EXPECT_EQ(last_.header("Age"), "59");
    EXPECT_EQ(last_.header("Content-Type"), "application/json");
    EXPECT_EQ(client_.head("/n").header("Age"), "59");
    clock_.advance(1s);
    EXPECT_EQ(get(), "2");
    cache_->clear();
    EXPECT_EQ(get(), "3");
}

TEST_F(ResponseCacheTest, another_target_or_host_is_another_request) {
    EXPECT_EQ(get(), "1");
    EXPECT_EQ(get({}, "/n?a=1"), "2");
    EXPECT_EQ(get({{"Host", "evil.example"}}), "3");
    EXPECT_EQ(get(), "1");
}

TEST_F(ResponseCacheTest, the_responses_own_lifetime_goes_before) {
    answer_ = {{"Cache-Control", "max-age=100, s-maxage=5"}};
    EXPECT_EQ(get(), "1");
    clock_.advance(4s);
    EXPECT_EQ(get(), "1");
    clock_.advance(1s);
    EXPECT_EQ(get(), "2");
}

TEST_F(ResponseCacheTest, keeps_nothing_that_is_somebodys_own) {
    for (const auto& [name, value] :
         std::initializer_list<std::pair<const char*, const char*>>{{"Set-Cookie", "a=1"},
                                                                    {"Cache-Control", "no-store"},
                                                                    {"Cache-Control", "private"},
                                                                    {"Cache-Control", "no-cache"},
                                                                    {"Cache-Control", "max-age=0"},
                                                                    {"Vary", "*"},
                                                                    {"Vary", "Accept, *"}}) {
        cache_->clear();
        answer_.clear();
        answer_.add(name, value);
        const std::string first = get();
        EXPECT_NE(get(), first) << name << ": " << value;
    }
}

TEST_F(ResponseCacheTest, passes_requests_with_credentials_on_and_keeps_nothing_of_them) {
    answer_ = {{"Cache-Control", "public, max-age=60"}};
    EXPECT_EQ(get({{"Authorization", "Bearer x"}}), "1");
    EXPECT_EQ(get({{"Cookie", "a=1"}}), "2");
    EXPECT_EQ(get(), "3");
    EXPECT_EQ(get({{"Authorization", "Bearer x"}}), "4");
    EXPECT_EQ(get({{"Cookie", "a=1"}}), "5");
    EXPECT_EQ(get({{"Cache-Control", "no-cache"}}), "6");
    EXPECT_EQ(get({{"Range", "bytes=0-1"}}), "7");
    EXPECT_EQ(get(), "3");
}

class KeyInHeader : public app::SecurityScheme {
public:
    std::string operator()(const Request& request) const {
        return std::string(request.header("X-API-Key"));
    }
    [[nodiscard]] std::string_view scheme_name() const override { return "Key"; }
    [[nodiscard]] std::string openapi_json() const override {
        return R"({"type":"apiKey","in":"header","name":"X-API-Key"})";
    }
};
inline const KeyInHeader key_in_header;

TEST_F(ResponseCacheTest, keeps_nothing_of_a_route_that_needs_credentials_of_any_kind) {
    app_.get("/mine", [this](app::Security<key_in_header> key, Response& response) {
        response.headers.set("Cache-Control", "max-age=60");
        return *key + std::to_string(++calls_);
    });
    EXPECT_EQ(get({{"X-API-Key", "a"}}, "/mine"), "\"a1\"");
    EXPECT_EQ(get({{"X-API-Key", "b"}}, "/mine"), "\"b2\"");
}

TEST_F(ResponseCacheTest, keeps_one_for_each_value_of_what_it_varies_by) {
    answer_ = {{"Vary", "Accept-Language, X-Tenant"}};
    EXPECT_EQ(get({{"Accept-Language", "de"}}), "1");
    EXPECT_EQ(get({{"Accept-Language", "fr"}}), "2");
    EXPECT_EQ(get({{"Accept-Language", "de"}, {"X-Tenant", "a"}}), "3");
    EXPECT_EQ(get({{"Accept-Language", "de"}}), "1");
    EXPECT_EQ(get({{"accept-language", "fr"}, {"Accept", "*/*"}}), "2");
    EXPECT_EQ(get(), "4");
    EXPECT_EQ(get(), "4");
}

TEST_F(ResponseCacheTest, only_a_200_is_kept) {
    fails_ = true;
    get();
    EXPECT_EQ(last_.status_code, 503);
    fails_ = false;
    EXPECT_EQ(get(), "2");
    EXPECT_EQ(client_.post("/n").status_code, 405);
    EXPECT_EQ(get(), "2");
}

TEST_F(ResponseCacheTest, answers_conditional_requests) {
    answer_ = {{"ETag", "\"a\""}};
    get({{"If-None-Match", "\"b\""}});
    EXPECT_EQ(get(), "2");  // the first was not for all
    get({{"If-None-Match", "\"a\""}});
    EXPECT_EQ(last_.status_code, 304);
    EXPECT_EQ(last_.header("ETag"), "\"a\"");
    EXPECT_EQ(last_.text, "");
    get({{"If-Match", "\"b\""}});
    EXPECT_EQ(last_.status_code, 412);
    EXPECT_EQ(get({{"If-None-Match", "\"b\""}}), "2");
}

TEST_F(ResponseCacheTest, those_who_ask_at_once_are_served_once) {
    wait_ = 1s;
    std::vector<TestClient::Started> started;
    for (int i = 0; i < 5; ++i) started.push_back(client_.start("GET", "/n"));
    client_.run_ready();
    EXPECT_EQ(calls_, 1);
    clock_.advance(1s);
    for (auto& one : started) EXPECT_EQ(one.wait().text, "1");
    EXPECT_EQ(calls_, 1);
}

TEST_F(ResponseCacheTest, those_who_wait_are_served_themselves_when_it_can_not_be_kept) {
    wait_ = 1s;
    answer_ = {{"Set-Cookie", "a=1"}};
    auto first = client_.start("GET", "/n");
    auto second = client_.start("GET", "/n");
    auto third = client_.start("GET", "/n");
    client_.run_ready();
    clock_.advance(1s);
    EXPECT_EQ(first.wait().text, "1");
    client_.run_ready();
    EXPECT_EQ(calls_, 3);  // neither waits for the other
    // Nor does anybody for a while.
    auto fourth = client_.start("GET", "/n");
    auto fifth = client_.start("GET", "/n");
    client_.run_ready();
    EXPECT_EQ(calls_, 5);
    clock_.advance(1s);
    client_.run_ready();
}

TEST_F(ResponseCacheTest,
       when_the_client_that_is_served_for_all_goes_away_another_takes_its_place) {
    wait_ = 1s;
    auto first = client_.start("GET", "/n");
    auto second = client_.start("GET", "/n");
    auto third = client_.start("GET", "/n");
    client_.run_ready();
    first.disconnect();
    clock_.advance(1s);
    client_.run_ready();
    {
        const auto gone = std::move(first);
    }
    client_.run_ready();
    EXPECT_EQ(calls_, 2);
    clock_.advance(1s);
    EXPECT_EQ(second.wait().text, "2");
    EXPECT_EQ(third.wait().text, "2");
}

class ExplicitCacheTest : public ResponseCacheTest {
protected:
    ExplicitCacheTest() : ResponseCacheTest({.max_body = 3}) {}
};

TEST_F(ExplicitCacheTest, without_a_ttl_keeps_only_what_says_so) {
    EXPECT_EQ(get(), "1");
    EXPECT_EQ(get(), "2");
    clock_.advance(11s);
    answer_ = {{"Cache-Control", "max-age=1"}};
    EXPECT_EQ(get(), "3");
    EXPECT_EQ(get(), "3");
    clock_.advance(1s);
    calls_ = 9999;
    EXPECT_EQ(get(), "10000");
    EXPECT_EQ(get(), "10001") << "longer than max_body";
}

TEST(ResponseCacheOptions, a_time_is_not_negative) {
    EXPECT_THROW(cache::ResponseCache({.ttl = -1s}), std::invalid_argument);
}

TEST_F(ResponseCacheTest, a_handshake_is_no_question_for_the_response) {
    app_.websocket("/n", [](app::WebSocket socket) -> core::Task<void> {
        (void)co_await core::this_context();
        socket.accept();
    });
    EXPECT_EQ(get(), "1");
    EXPECT_TRUE(client_.websocket("/n").accepted());
    EXPECT_EQ(calls_, 1);
}

}  // namespace
