// What a hot request needs must cost no allocation once its memory is warm.

#include <gtest/gtest.h>

#include <array>

#include "portico/http/date.hpp"
#include "portico/http/etag.hpp"
#include "portico/http/forwarded.hpp"
#include "portico/http/media_type.hpp"
#include "portico/http/request.hpp"
#include "portico/http/response.hpp"
#include "tests/support/allocations.hpp"

namespace portico::http {

using test::allocations_when_warm;

#ifdef PORTICO_TEST_COUNTS_ALLOCATIONS
TEST(Allocations, are_counted) {
    EXPECT_EQ(allocations_when_warm([] { delete new Headers; }), 1U);
}
#endif

TEST(Allocations, a_response_is_filled_without_any) {
    Response response;
    EXPECT_EQ(allocations_when_warm([&] {
                  response.reset();
                  response.status = 201;
                  response.set_content_type("application/json");
                  response.headers.add("X-Request-ID", "0123456789abcdef0123456789abcdef");
                  response.headers.set("ETag", "\"0123456789abcdef\"");
                  response.headers.set("ETag", "\"0123456789abcdef0123456789abcdef\"");
                  response.headers.merge("Vary", "Origin");
                  response.headers.merge("Vary", "Accept-Encoding");
                  response.headers.set_default("Cache-Control", "no-store");
                  response.headers.remove("ETag");
                  response.text().append(2000, 'x');
              }),
              0U);
}

TEST(Allocations, a_request_is_read_without_any) {
    const Headers headers{{"Host", "shop.example"},
                          {"Cookie", "a=1; b=2"},
                          {"Accept", "text/html, */*;q=0.5"},
                          {"Accept-Encoding", "gzip, br"},
                          {"Content-Type", "application/json; charset=utf-8"},
                          {"If-None-Match", "\"a\", W/\"b\""},
                          {"X-Forwarded-For", "192.0.2.7, 10.1.1.1"},
                          {"X-Forwarded-Proto", "https"}};
    const CidrSet trusted = CidrSet::parse({"10.0.0.0/8"}).value();
    constexpr std::array<std::string_view, 2> kTypes = {"application/json", "text/html"};
    constexpr std::array<std::string_view, 2> kCodings = {"br", "gzip"};
    core::Arena arena;
    Request request(arena);
    DateCache dates;
    int second = 0;
    EXPECT_EQ(allocations_when_warm([&] {
                  arena.reset();
                  request.reset();
                  request.mutable_headers() = headers;
                  EXPECT_TRUE(request.set_target("/items/a%20b?skip=10&q=a+b%21"));
                  request.set_peer(IpAddress::v4({10, 0, 0, 1}), 1);
                  apply_forwarded(request, trusted);
                  EXPECT_TRUE(request.is_https());
                  EXPECT_EQ(request.query_param("q"), "a b!");
                  EXPECT_EQ(request.cookie("b"), "2");
                  EXPECT_TRUE(MediaType::parse(request.header("Content-Type"))->is_json());
                  EXPECT_EQ(negotiate_media_type(request.header("Accept"), kTypes), 1U);
                  EXPECT_EQ(negotiate_encoding(request.header("Accept-Encoding"), kCodings), 0U);
                  EXPECT_EQ(evaluate_preconditions(request, {.etag = "\"b\""}),
                            Precondition::not_modified);
                  EXPECT_EQ(dates.at(DateTime{} + std::chrono::seconds(++second)).size(),
                            kDateLength);
              }),
              0U);
}

}  // namespace portico::http
