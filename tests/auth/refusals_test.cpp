#include "portico/auth/refusals.hpp"

#include <gtest/gtest.h>

namespace portico::auth {
namespace {

TEST(Refusals, say_which_scopes_are_asked_for) {
    EXPECT_EQ(bearer_challenge({}), "Bearer");
    const app::SecurityScopes scopes{{"read", "write"}};
    EXPECT_EQ(bearer_challenge(scopes), R"(Bearer scope="read write")");
    const auto forbidden = not_enough_permissions(scopes);
    EXPECT_EQ(forbidden.status(), 403);
    EXPECT_EQ(forbidden.detail(), "Not enough permissions");
    EXPECT_EQ(forbidden.headers().get("WWW-Authenticate"), R"(Bearer scope="read write")");
}

TEST(Refusals, do_not_say_what_is_wrong_with_a_token) {
    const auto exception = bad_credentials(app::SecurityScopes{{"read"}});
    EXPECT_EQ(exception.status(), 401);
    EXPECT_EQ(exception.detail(), "Could not validate credentials");
    EXPECT_EQ(exception.headers().get("WWW-Authenticate"), R"(Bearer scope="read")");
    EXPECT_EQ(not_authenticated().headers().get("WWW-Authenticate"), "Bearer");
    EXPECT_EQ(not_authenticated().detail(), "Not authenticated");
}

TEST(Refusals, say_when_to_come_back) {
    const auto exception = too_many_requests({std::chrono::seconds(42)});
    EXPECT_EQ(exception.status(), 429);
    EXPECT_EQ(exception.detail(), "Too many requests");
    EXPECT_EQ(exception.headers().get("Retry-After"), "42");
}

}  // namespace
}  // namespace portico::auth
