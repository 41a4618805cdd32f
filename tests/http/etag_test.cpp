#include "portico/http/etag.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "portico/http/request.hpp"
#include "portico/http/response.hpp"

namespace portico::http {

namespace {

using std::chrono::milliseconds;

const DateTime kChanged = parse_date("Sun, 06 Nov 1994 08:49:37 GMT").value();
constexpr auto kBefore = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr auto kSame = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr auto kAfter = "Sun, 06 Nov 1994 08:49:38 GMT";

Precondition evaluate(Method method, const Headers& headers, const Validators& validators) {
    core::Arena arena;
    Request request(arena);
    request.set_method(method, to_string(method));
    request.mutable_headers() = headers;
    return evaluate_preconditions(request, validators);
}

Precondition get(const Headers& headers, const Validators& validators = {.etag = "\"a\""}) {
    return evaluate(Method::get, headers, validators);
}
Precondition put(const Headers& headers, const Validators& validators = {.etag = "\"a\""}) {
    return evaluate(Method::put, headers, validators);
}

}  // namespace

TEST(EntityTag, is_quoted_and_maybe_weak) {
    EXPECT_EQ(EntityTag::parse("\"a\"")->opaque, "a");
    EXPECT_FALSE(EntityTag::parse("\"a\"")->weak);
    EXPECT_TRUE(EntityTag::parse("W/\"a\"")->weak);
    EXPECT_EQ(EntityTag::parse("\"\"")->opaque, "");
    for (const auto* text :
         {"", "a", "\"a", "a\"", "w/\"a\"", "W\"a\"", "\"a\" ", "\"a b\"", "\"a\"b\"", "\"a\n\""}) {
        EXPECT_FALSE(EntityTag::parse(text)) << text;
    }
}

TEST(EntityTag, is_made_of_what_it_may_hold) {
    EXPECT_EQ(make_etag("a1"), "\"a1\"");
    EXPECT_EQ(make_etag("a1", true), "W/\"a1\"");
    for (const auto* text : {"a\"b", "a b", "a\r\n"}) {
        EXPECT_THROW(static_cast<void>(make_etag(text)), std::invalid_argument);
    }
}

TEST(EntityTag, a_compressed_representation_has_its_own) {
    EXPECT_EQ(etag_for_encoding("\"a\"", "gzip"), "\"a-gzip\"");
    EXPECT_EQ(etag_for_encoding("W/\"a\"", "br"), "W/\"a-br\"");
    EXPECT_EQ(etag_for_encoding("\"a-gzip\"", "gzip"), "\"a-gzip\"");
    EXPECT_EQ(etag_for_encoding("nonsense", "gzip"), "nonsense");
}

TEST(IfMatch, compares_strongly) {
    EXPECT_TRUE(if_match_holds("*", "\"a\""));
    EXPECT_TRUE(if_match_holds("\"a\"", "\"a\""));
    EXPECT_TRUE(if_match_holds("\"x\", \"a\"", "\"a\""));
    EXPECT_TRUE(if_match_holds(" ,\"x\" ,, \"a\" ", "\"a\""));
    EXPECT_FALSE(if_match_holds("\"x\"", "\"a\""));
    EXPECT_FALSE(if_match_holds("W/\"a\"", "\"a\""));
    EXPECT_FALSE(if_match_holds("\"a\"", "W/\"a\""));
    EXPECT_FALSE(if_match_holds("", "\"a\""));
    EXPECT_FALSE(if_match_holds("a", "\"a\""));
    EXPECT_FALSE(if_match_holds("\"x\" \"a\"", "\"a\""));
    EXPECT_FALSE(if_match_holds("x, \"a\"", "\"a\""));
}

TEST(IfNoneMatch, compares_weakly) {
    EXPECT_FALSE(if_none_match_holds("*", "\"a\""));
    EXPECT_FALSE(if_none_match_holds("W/\"a\"", "\"a\""));
    EXPECT_FALSE(if_none_match_holds("\"a\"", "W/\"a\""));
    EXPECT_FALSE(if_none_match_holds("\"x\",W/\"a\"", "W/\"a\""));
    EXPECT_TRUE(if_none_match_holds("\"x\"", "\"a\""));
    EXPECT_TRUE(if_none_match_holds("\"a\"", ""));
    EXPECT_TRUE(if_none_match_holds("", "\"a\""));
}

TEST(Preconditions, see_through_the_suffix_of_a_compression) {
    EXPECT_TRUE(if_match_holds("\"a-gzip\"", "\"a\""));
    EXPECT_FALSE(if_none_match_holds("W/\"a-br\"", "\"a\""));
    EXPECT_FALSE(if_none_match_holds("\"a-zstd\"", "\"a\""));
    EXPECT_TRUE(if_match_holds("\"a-gzip\"", "\"a-gzip\""));
    EXPECT_FALSE(if_match_holds("\"a-lzma\"", "\"a\""));
    EXPECT_FALSE(if_match_holds("\"a\"", "\"a-gzip\""));
}

TEST(Preconditions, without_any_the_request_goes_on) {
    EXPECT_EQ(get({}), Precondition::proceed);
    EXPECT_EQ(put({}, {.exists = false}), Precondition::proceed);
}

TEST(Preconditions, if_match_guards_changes) {
    EXPECT_EQ(put({{"If-Match", "\"a\""}}), Precondition::proceed);
    EXPECT_EQ(put({{"If-Match", "\"b\""}}), Precondition::failed);
    EXPECT_EQ(put({{"If-Match", "\"b\""}, {"If-Match", "\"a\""}}), Precondition::proceed);
    EXPECT_EQ(put({{"If-Match", "*"}}), Precondition::proceed);
    EXPECT_EQ(put({{"If-Match", "*"}}, {.exists = false}), Precondition::failed);
    EXPECT_EQ(put({{"If-Match", "garbage"}}), Precondition::failed);
}

TEST(Preconditions, if_none_match_is_304_to_reads_and_412_to_changes) {
    EXPECT_EQ(get({{"If-None-Match", "\"a\""}}), Precondition::not_modified);
    EXPECT_EQ(evaluate(Method::head, {{"If-None-Match", "W/\"a\""}}, {.etag = "\"a\""}),
              Precondition::not_modified);
    EXPECT_EQ(get({{"If-None-Match", "\"b\""}}), Precondition::proceed);
    EXPECT_EQ(get({{"If-None-Match", "\"b\""}, {"If-None-Match", "\"a\""}}),
              Precondition::not_modified);
    EXPECT_EQ(put({{"If-None-Match", "*"}}), Precondition::failed);
    EXPECT_EQ(put({{"If-None-Match", "*"}}, {.exists = false}), Precondition::proceed);
    EXPECT_EQ(get({{"If-None-Match", "garbage"}}), Precondition::proceed);
}

TEST(Preconditions, dates_count_in_whole_seconds) {
    const Validators changed{.last_modified = kChanged + milliseconds(900)};
    EXPECT_EQ(get({{"If-Modified-Since", kSame}}, changed), Precondition::not_modified);
    EXPECT_EQ(get({{"If-Modified-Since", kAfter}}, changed), Precondition::not_modified);
    EXPECT_EQ(get({{"If-Modified-Since", kBefore}}, changed), Precondition::proceed);
    EXPECT_EQ(put({{"If-Modified-Since", kAfter}}, changed), Precondition::proceed);
    EXPECT_EQ(put({{"If-Unmodified-Since", kSame}}, changed), Precondition::proceed);
    EXPECT_EQ(put({{"If-Unmodified-Since", kBefore}}, changed), Precondition::failed);
    EXPECT_EQ(get({{"If-Modified-Since", "yesterday"}}, changed), Precondition::proceed);
    EXPECT_EQ(put({{"If-Unmodified-Since", "yesterday"}}, changed), Precondition::proceed);
}

TEST(Preconditions, tags_go_before_dates) {
    const Validators both{.etag = "\"a\"", .last_modified = kChanged};
    EXPECT_EQ(get({{"If-None-Match", "\"b\""}, {"If-Modified-Since", kAfter}}, both),
              Precondition::proceed);
    EXPECT_EQ(put({{"If-Match", "\"a\""}, {"If-Unmodified-Since", kBefore}}, both),
              Precondition::proceed);
    EXPECT_EQ(get({{"If-Match", "\"b\""}, {"If-None-Match", "\"a\""}}, both), Precondition::failed);
}

TEST(Preconditions, are_answered_with_the_validators) {
    core::Arena arena;
    Request request(arena);
    const Validators validators{.etag = "\"a\"", .last_modified = kChanged};
    EXPECT_FALSE(answer_preconditions(request, validators));
    const Headers same{{"If-None-Match", "\"a\""}};
    request.mutable_headers() = same;
    const auto unchanged = answer_preconditions(request, validators);
    EXPECT_EQ(unchanged->status, 304);
    EXPECT_EQ(unchanged->headers.get("ETag"), "\"a\"");
    EXPECT_EQ(unchanged->headers.get("Last-Modified"), kSame);
    const Headers other{{"If-Match", "\"b\""}};
    request.mutable_headers() = other;
    EXPECT_EQ(answer_preconditions(request, validators)->status, 412);
}

}  // namespace portico::http
