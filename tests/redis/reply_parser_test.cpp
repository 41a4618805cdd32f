#include "redis/reply_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "portico/redis/error.hpp"

namespace portico::redis {
namespace {

using Kind = Reply::Kind;
using Result = ReplyParser::Result;

std::vector<Reply> parse(std::string_view bytes, std::size_t step, ReplyLimits limits = {}) {
    ReplyParser parser(limits);
    std::vector<Reply> replies;
    while (!bytes.empty()) {
        parser.feed(bytes.substr(0, step));
        bytes.remove_prefix(std::min(step, bytes.size()));
        Reply reply;
        while (parser.next(reply) == Result::reply) replies.push_back(std::move(reply));
    }
    return replies;
}

bool fails(std::string_view bytes, ReplyLimits limits = {}) {
    ReplyParser parser(limits);
    parser.feed(bytes);
    Reply reply;
    Result result = Result::reply;
    while (result == Result::reply) result = parser.next(reply);
    return result == Result::failed;
}

TEST(ReplyParser, reads_every_kind_however_it_is_cut) {
    const std::string_view bytes =
        "+OK\r\n:-42\r\n$5\r\nhe\r\no\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n-ERR no\r\n"
        "*3\r\n$1\r\na\r\n*2\r\n:1\r\n*1\r\n$-1\r\n+z\r\n";
    std::vector<Reply> inner;
    inner.emplace_back(1);
    inner.emplace_back(std::vector<Reply>(1));
    std::vector<Reply> outer;
    outer.emplace_back(Kind::bulk, "a");
    outer.emplace_back(inner);
    outer.emplace_back(Kind::status, "z");
    std::vector<Reply> expected;
    expected.emplace_back(Kind::status, "OK");
    expected.emplace_back(-42);
    expected.emplace_back(Kind::bulk, "he\r\no");
    expected.emplace_back(Kind::bulk, "");
    expected.emplace_back();
    expected.emplace_back();
    expected.emplace_back(std::vector<Reply>());
    expected.emplace_back(Kind::error, "ERR no");
    expected.emplace_back(outer);
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
        EXPECT_EQ(parse(bytes, step), expected) << step;
    }
}

TEST(ReplyParser, an_array_grows_while_its_elements_are_arrays) {
    std::string bytes = "*1000\r\n";
    for (int i = 0; i < 1000; ++i) bytes += "*2\r\n:" + std::to_string(i) + "\r\n$1\r\nx\r\n";
    const auto replies = parse(bytes, 7);
    ASSERT_EQ(replies.size(), 1U);
    ASSERT_EQ(replies[0].elements().size(), 1000U);
    auto number = replies[0].elements()[999].elements()[0];
    EXPECT_EQ(std::move(number).as<std::int64_t>(), 999);
}

TEST(ReplyParser, what_is_not_resp_fails_for_good) {
    for (const std::string_view bytes :
         {"HTTP/1.1 400 Bad Request\r\n", "$x\r\n", "$-2\r\n", ":1x\r\n", "*-2\r\n", "*x\r\n",
          "*99999999999\r\n", "%1\r\n+a\r\n+b\r\n"}) {
        EXPECT_TRUE(fails(bytes)) << bytes;
    }
    ReplyParser parser(ReplyLimits{});
    parser.feed("?\r\n");
    Reply reply;
    EXPECT_EQ(parser.next(reply), Result::failed);
    parser.feed("+OK\r\n");
    EXPECT_EQ(parser.next(reply), Result::failed);
    EXPECT_FALSE(parser.error().empty());
}

TEST(ReplyParser, a_text_that_is_announced_too_long_fails_before_it_comes) {
    const ReplyLimits limits{.max_bulk = 10, .max_bytes = 15, .max_elements = 4};
    EXPECT_FALSE(fails("$10\r\n", limits));
    EXPECT_TRUE(fails("$11\r\n", limits));
    EXPECT_TRUE(fails("$99999999999999999999\r\n", limits));
    EXPECT_FALSE(fails("*2\r\n$10\r\n0123456789\r\n$5\r\n", limits));
    EXPECT_TRUE(fails("*2\r\n$10\r\n0123456789\r\n$6\r\n", limits));
    EXPECT_TRUE(fails("*2\r\n$10\r\n0123456789\r\n$6\r\n012345\r\n", limits));
    EXPECT_FALSE(fails("$10\r\n0123456789\r\n$10\r\n0123456789\r\n", limits));
}

TEST(ReplyParser, arrays_are_bounded_in_count_and_depth) {
    const ReplyLimits limits{.max_bulk = 10, .max_bytes = 15, .max_elements = 4};
    EXPECT_FALSE(fails("*4\r\n", limits));
    EXPECT_TRUE(fails("*5\r\n", limits));
    EXPECT_TRUE(fails("*2\r\n*2\r\n:1\r\n:2\r\n*1\r\n", limits));
    EXPECT_FALSE(fails("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"));
    EXPECT_TRUE(fails("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n"));
}

TEST(ReplyParser, a_line_without_an_end_is_bounded) {
    EXPECT_FALSE(fails("+" + std::string(60 * 1024, 'x')));
    EXPECT_TRUE(fails("+" + std::string(70 * 1024, 'x')));
    EXPECT_TRUE(fails("$" + std::string(100, '1')));
    EXPECT_TRUE(fails("*" + std::string(100, '1')));
}

TEST(Reply, is_read_as_the_type_that_is_asked_for) {
    EXPECT_EQ(Reply(7).as<std::int64_t>(), 7);
    EXPECT_EQ(Reply(Kind::bulk, "7").as<std::int64_t>(), 7);
    EXPECT_EQ(Reply(Kind::bulk, "1.5").as<double>(), 1.5);
    EXPECT_EQ(Reply(Kind::status, "OK").as<std::string>(), "OK");
    EXPECT_TRUE(Reply(Kind::status, "OK").as<bool>());
    EXPECT_FALSE(Reply().as<bool>());
    EXPECT_EQ(Reply().as<std::optional<std::string>>(), std::nullopt);
    EXPECT_EQ(Reply(Kind::bulk, "x").as<std::optional<std::string>>(), "x");
    std::vector<Reply> list;
    list.emplace_back(Kind::bulk, "a");
    list.emplace_back();
    EXPECT_EQ(Reply(list).as<std::vector<std::optional<std::string>>>(),
              (std::vector<std::optional<std::string>>{"a", std::nullopt}));
    EXPECT_THROW((void)Reply(list).as<std::vector<std::string>>(), Error);
}

TEST(Reply, another_kind_than_expected_is_an_error_that_names_both) {
    try {
        (void)Reply(Kind::bulk, "x").as<std::int64_t>("GET");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::unexpected_reply);
        EXPECT_STREQ(error.what(), "GET: expected an integer from Redis, got a text");
    }
    try {
        (void)Reply(Kind::error, "WRONGTYPE Operation").as<std::int64_t>("INCR");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), Error::Kind::wrong_type);
        EXPECT_STREQ(error.what(), "INCR: WRONGTYPE Operation");
    }
}

TEST(RedisError, never_repeats_arguments) {
    const Error error("FOO", "ERR unknown command 'FOO', with args beginning with: 'secret'");
    EXPECT_STREQ(error.what(), "FOO: ERR unknown command 'FOO'");
    EXPECT_EQ(error.kind(), Error::Kind::other);
}

}  // namespace
}  // namespace portico::redis
