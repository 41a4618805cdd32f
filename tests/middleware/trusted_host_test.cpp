#include "portico/middleware/trusted_host.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/middleware/fixture.hpp"

namespace portico::middleware {
namespace {

using testing::TestExchange;

struct Case {
    std::string host;
    bool allowed;
};
std::ostream& operator<<(std::ostream& out, const Case& one) {
    return out << one.host;
}

class TrustedHosts : public ::testing::TestWithParam<Case> {};

TEST_P(TrustedHosts, are_matched_whole) {
    TrustedHostMiddleware layer({.allowed_hosts = {"localhost", "127.0.0.1", "[::1]",
                                                   "API.example.com", "*.wild.example"}});
    TestExchange exchange({.host = GetParam().host});
    EXPECT_EQ(exchange.ask(layer),
              GetParam().allowed ? "proceed" : "refuse 400 Invalid host header");
}

INSTANTIATE_TEST_SUITE_P(
    Table, TrustedHosts,
    ::testing::Values(Case{"localhost", true}, Case{"localhost:8000", true},
                      Case{"LOCALHOST", true}, Case{"localhost.", true}, Case{"localhost:", true},
                      Case{"127.0.0.1:1", true}, Case{"[::1]", true}, Case{"[::1]:8000", true},
                      Case{"api.example.com", true}, Case{"a.wild.example", true},
                      Case{"a.b.wild.example:443", true}, Case{"A.WILD.EXAMPLE", true},
                      Case{"", false}, Case{"wild.example", false}, Case{".wild.example", false},
                      Case{"evilwild.example", false}, Case{"a.wild.example.evil", false},
                      Case{"localhost.evil", false}, Case{"evil", false}, Case{"::1", false},
                      Case{"[::1", false}, Case{"[::1]x", false}, Case{"[::2]", false},
                      Case{"localhost:80a", false}, Case{"localhost:123456", false},
                      Case{"localhost:80:90", false}, Case{"localhost..", false}));

TEST(TrustedHost, a_star_allows_every_host) {
    TrustedHostMiddleware layer({.allowed_hosts = {"*"}});
    EXPECT_TRUE(layer.allows("anything.example"));
}

TEST(TrustedHost, no_entry_allows_none) {
    EXPECT_FALSE(TrustedHostMiddleware({}).allows("localhost"));
}

TEST(TrustedHost, an_entry_that_can_not_match_is_refused_at_construction) {
    for (const auto* entry : {"https://a.example", "a.example:80", "a.*.example", "*example", "::1",
                              "", "*.", "a example", "[::1", "[x]"}) {
        EXPECT_THROW(TrustedHostMiddleware({.allowed_hosts = {entry}}), std::invalid_argument)
            << entry;
    }
}

}  // namespace
}  // namespace portico::middleware
