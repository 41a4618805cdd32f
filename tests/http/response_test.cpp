#include "portico/http/response.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace portico::http {

namespace {

class OnePiece final : public BodyStream {
public:
    core::Task<std::optional<std::string>> next() override { co_return std::nullopt; }
    std::optional<std::uint64_t> length() const override { return 42; }
};

}  // namespace

TEST(Response, has_a_status_a_type_and_a_body) {
    const Response response(418, "short and stout", "text/plain; charset=utf-8");
    EXPECT_EQ(response.status, 418);
    EXPECT_EQ(response.headers.get("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(response.bytes(), "short and stout");
    EXPECT_EQ(response.length(), 15U);
    EXPECT_FALSE(response.is_stream());
}

TEST(Response, a_stream_may_know_its_length) {
    const Response response(200, std::make_unique<OnePiece>(), "text/plain");
    EXPECT_TRUE(response.is_stream());
    EXPECT_EQ(response.length(), 42U);
    EXPECT_EQ(response.bytes(), "");
}

TEST(Response, text_replaces_a_body_of_another_kind) {
    Response response;
    response.body = Response::StaticBody{"static"};
    EXPECT_EQ(response.bytes(), "static");
    response.text() += "new";
    EXPECT_EQ(response.bytes(), "new");
    response.text() += "er";
    EXPECT_EQ(response.bytes(), "newer");
}

TEST(Response, reset_keeps_its_memory) {
    Response response(404, std::string(1000, 'x'), "text/plain");
    const char* block = response.text().data();
    response.reset();
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.headers.empty());
    EXPECT_EQ(response.bytes(), "");
    response.text().assign(1000, 'y');
    EXPECT_EQ(response.text().data(), block);
}

TEST(Response, sets_and_deletes_cookies) {
    Response response;
    response.set_cookie({.name = "a", .value = "1"});
    response.delete_cookie({.name = "b", .value = "old", .path = "/x"});
    const auto fields = response.headers.get_all("Set-Cookie");
    ASSERT_EQ(fields.size(), 2U);
    EXPECT_EQ(fields[0], "a=1; Path=/; HttpOnly; SameSite=Lax");
    EXPECT_EQ(
        fields[1],
        "b=; Path=/x; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax");
    EXPECT_THROW(response.set_cookie({.name = "a", .value = "1; Secure"}), std::invalid_argument);
}

TEST(Redirect, keeps_the_method_unless_told_otherwise) {
    const Response response = redirect("/items/1?x=y#z");
    EXPECT_EQ(response.status, 307);
    EXPECT_EQ(response.headers.get("Location"), "/items/1?x=y#z");
    EXPECT_EQ(redirect("/", 303).status, 303);
    EXPECT_THROW(static_cast<void>(redirect("/", 200)), std::invalid_argument);
    EXPECT_THROW(static_cast<void>(redirect("/", 400)), std::invalid_argument);
}

TEST(Redirect, a_location_cannot_inject_a_header) {
    const Response response = redirect("/a b\r\nSet-Cookie: x=1\xC3\xA9%20\\");
    EXPECT_EQ(response.headers.get("Location"), "/a%20b%0D%0ASet-Cookie:%20x=1%C3%A9%20%5C");
    EXPECT_EQ(response.headers.size(), 1U);
}

}  // namespace portico::http
