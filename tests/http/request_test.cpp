#include "portico/http/request.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "portico/core/context.hpp"

namespace portico::http {

namespace {

std::string dump(std::span<const NameValue> pairs) {
    std::string text;
    for (const auto& [name, value] : pairs) text.append(name).append("=").append(value).append("|");
    return text;
}

class RequestTest : public testing::Test {
protected:
    core::Arena arena;
    Request request{arena};
};

struct Target {
    std::string_view target;
    std::string_view path;
    std::string_view query;
};

/// A body of pieces that are there already.
class Pieces final : public BodySource {
public:
    explicit Pieces(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {}

    std::optional<std::expected<std::string_view, BodyError>> buffered(std::size_t limit) override {
        last_limit = limit;
        if (pieces_.size() != 1) return {};
        if (pieces_[0].size() > limit) return std::unexpected(BodyError::too_large);
        return pieces_[0];
    }
    core::Task<std::expected<std::string_view, BodyError>> read_all(std::size_t limit) override {
        last_limit = limit;
        for (const auto& piece : pieces_) all_ += piece;
        if (all_.size() > limit) co_return std::unexpected(BodyError::too_large);
        co_return all_;
    }
    core::Task<std::expected<std::string_view, BodyError>> read_some(std::size_t limit) override {
        last_limit = limit;
        if (next_ == pieces_.size()) co_return std::string_view{};
        co_return pieces_[next_++];
    }
    std::optional<std::uint64_t> length() const noexcept override { return {}; }

    std::size_t last_limit = 0;

private:
    std::vector<std::string> pieces_;
    std::string all_;
    std::size_t next_ = 0;
};

template <class T>
T finish(core::Task<T> task) {
    task.handle().resume();
    return task.result();
}

}  // namespace

TEST_F(RequestTest, a_target_is_split_and_its_path_decoded_once) {
    constexpr Target kTargets[] = {
        {"/", "/", ""},
        {"/a/b?x=1", "/a/b", "x=1"},
        {"/a?", "/a", ""},
        {"/a?b?c", "/a", "b?c"},
        {"/a%20b%C3%A9", "/a b\xC3\xA9", ""},
        {"/a%2Fb%2fc", "/a%2Fb%2Fc", ""},
        {"/a%252Fb", "/a%2Fb", ""},
        {"/%2e%2E/x", "/../x", ""},
        {"/a+b", "/a+b", ""},
        {"/a%3Fb?c%3F", "/a?b", "c%3F"},
        {"*", "*", ""},
        {"/?%zz", "/", "%zz"},
    };
    for (const auto& [target, path, query] : kTargets) {
        EXPECT_TRUE(request.set_target(target)) << target;
        EXPECT_EQ(request.target(), target);
        EXPECT_EQ(request.path(), path) << target;
        EXPECT_EQ(request.raw_query(), query) << target;
    }
    ASSERT_TRUE(request.set_target("/a%20b?x"));
    EXPECT_EQ(request.raw_path(), "/a%20b");
}

TEST_F(RequestTest, a_path_with_a_broken_escape_or_a_nul_is_refused) {
    for (const auto* target :
         {"/%", "/%2", "/a%zzb", "/%g0", "/%0g", "/%00", "/a%00b?x", "/%?x", "/%2?0"}) {
        EXPECT_FALSE(request.set_target(target)) << target;
    }
    EXPECT_FALSE(request.set_target(std::string_view("/a\0b", 4)));
}

TEST_F(RequestTest, a_path_without_escapes_is_a_view_of_the_target) {
    const std::string target = "/items/1?x=1";
    ASSERT_TRUE(request.set_target(target));
    EXPECT_EQ(request.path().data(), target.data());
    const auto params = request.query_params();
    ASSERT_EQ(params.size(), 1U);
    EXPECT_EQ(params[0].name.data(), target.data() + 9);
}

TEST_F(RequestTest, query_pairs_are_decoded_in_order) {
    ASSERT_TRUE(request.set_target("/?a=1&b=x+y%26&a=2&flag&&=e&bad=%zz%"));
    EXPECT_EQ(dump(request.query_params()), "a=1|b=x y&|a=2|flag=|=e|bad=%zz%|");
    EXPECT_EQ(request.query_param("a"), "1");
    EXPECT_EQ(request.query_param("flag"), "");
    EXPECT_EQ(request.query_param("c"), std::nullopt);
    EXPECT_FALSE(request.query_truncated());
    ASSERT_TRUE(request.set_target("/?other=1"));
    EXPECT_EQ(dump(request.query_params()), "other=1|");
}

TEST_F(RequestTest, a_query_of_too_many_pairs_says_so) {
    std::string target = "/?";
    for (int i = 0; i < 1000; ++i) target += "a&";
    ASSERT_TRUE(request.set_target(target));
    EXPECT_EQ(request.query_params().size(), kMaxQueryPairs);
    EXPECT_FALSE(request.query_truncated());
    target += "b";
    ASSERT_TRUE(request.set_target(target));
    EXPECT_TRUE(request.query_truncated());
    EXPECT_EQ(request.query_params().size(), kMaxQueryPairs);
}

TEST_F(RequestTest, cookies_come_from_every_cookie_field) {
    const Headers headers{{"Cookie", "a=1; b=2"}, {"Host", "x"}, {"cookie", "a=3"}};
    request.mutable_headers() = headers;
    EXPECT_EQ(dump(request.cookies()), "a=1|b=2|a=3|");
    EXPECT_EQ(request.cookie("a"), "1");
    EXPECT_EQ(request.cookie("c"), std::nullopt);
}

TEST_F(RequestTest, the_client_is_the_peer_until_a_proxy_is_believed) {
    const auto peer = IpAddress::parse("192.0.2.1").value();
    const auto client = IpAddress::parse("198.51.100.1").value();
    request.set_peer(peer, 4711);
    EXPECT_EQ(request.client(), peer);
    request.set_client(client);
    EXPECT_EQ(request.client(), client);
    EXPECT_EQ(request.peer(), peer);
    EXPECT_EQ(request.peer_port(), 4711);
}

TEST_F(RequestTest, state_holds_one_value_of_each_type) {
    struct Tenant {
        std::string name;
    };
    EXPECT_EQ(request.state().get<Tenant>(), nullptr);
    request.state().set(Tenant{"a"});
    request.state().set(7);
    request.state().set(Tenant{"b"});
    EXPECT_EQ(request.state().get<Tenant>()->name, "b");
    EXPECT_EQ(*request.state().get<int>(), 7);
}

TEST_F(RequestTest, reset_leaves_nothing_of_the_last_request) {
    const Headers headers{{"Cookie", "a=1"}};
    const RoutePolicy policy;
    const NameValue param{"id", "1"};
    Pieces body({"x"});
    request.set_method(Method::post, "POST");
    ASSERT_TRUE(request.set_target("/a%20b?x=1"));
    request.mutable_headers() = headers;
    request.set_version(2);
    request.set_peer(IpAddress::parse("192.0.2.1").value(), 1);
    request.set_https(true);
    request.set_host("h");
    request.set_id("id");
    request.set_route(&policy);
    request.set_path_params({&param, 1});
    request.set_body_source(&body);
    request.state().set(1);
    EXPECT_EQ(request.path_param("id"), "1");
    static_cast<void>(request.query_params());
    static_cast<void>(request.cookies());

    request.reset();
    EXPECT_EQ(request.method(), Method::get);
    EXPECT_EQ(request.method_name(), "");
    EXPECT_EQ(request.target(), "");
    EXPECT_EQ(request.path(), "");
    EXPECT_EQ(request.raw_path(), "");
    EXPECT_EQ(request.raw_query(), "");
    EXPECT_TRUE(request.headers().empty());
    EXPECT_TRUE(request.query_params().empty());
    EXPECT_TRUE(request.cookies().empty());
    EXPECT_TRUE(request.path_params().empty());
    EXPECT_EQ(request.http_version(), 1);
    EXPECT_TRUE(request.peer().is_unspecified());
    EXPECT_TRUE(request.client().is_unspecified());
    EXPECT_EQ(request.scheme(), "http");
    EXPECT_EQ(request.host(), "");
    EXPECT_EQ(request.id(), "");
    EXPECT_EQ(request.route(), nullptr);
    EXPECT_EQ(request.body_source(), nullptr);
    EXPECT_EQ(request.state().get<int>(), nullptr);
}

TEST_F(RequestTest, a_request_without_a_body_has_an_empty_one) {
    EXPECT_EQ(finish(request.body()), "");
    EXPECT_EQ(finish(request.read_some()), "");
}

TEST_F(RequestTest, the_body_is_read_at_once_or_in_pieces) {
    Pieces one({"all of it"});
    request.set_body_source(&one);
    EXPECT_EQ(finish(request.body()), "all of it");
    Pieces two({"all ", "of it"});
    request.set_body_source(&two);
    EXPECT_EQ(finish(request.read_some()), "all ");
    EXPECT_EQ(finish(request.read_some()), "of it");
    EXPECT_EQ(finish(request.read_some()), "");
    EXPECT_EQ(finish(request.body()), "all of it");
}

TEST_F(RequestTest, the_routes_bound_holds_for_its_body) {
    Pieces body({"12345", "67890"});
    request.set_body_source(&body);
    EXPECT_EQ(finish(request.body()), "1234567890");
    EXPECT_EQ(body.last_limit, kDefaultMaxBody);
    RoutePolicy policy;
    policy.max_body = 9;
    request.set_route(&policy);
    Pieces larger({"12345", "67890"});
    request.set_body_source(&larger);
    try {
        static_cast<void>(finish(request.body()));
        FAIL();
    } catch (const BodyFailed& failure) {
        EXPECT_EQ(failure.error(), BodyError::too_large);
        EXPECT_EQ(status_of(failure.error()), 413);
    }
    EXPECT_EQ(larger.last_limit, 9U);
}

TEST(BodyErrors, have_the_status_that_the_client_is_told) {
    EXPECT_EQ(status_of(BodyError::too_large), 413);
    EXPECT_EQ(status_of(BodyError::too_slow), 408);
    EXPECT_EQ(status_of(BodyError::malformed), 400);
    for (const auto error : {BodyError::too_large, BodyError::too_slow, BodyError::malformed,
                             BodyError::disconnected}) {
        EXPECT_STRNE(BodyFailed(error).what(), "");
    }
}

}  // namespace portico::http
