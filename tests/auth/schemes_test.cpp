#include "portico/auth/schemes.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "portico/testing/test_client.hpp"

namespace portico::auth {
namespace {

using app::App;
using app::Security;
using testing::TestClient;

const OAuth2PasswordBearer oauth2{
    {.token_url = "/auth/token",
     .scopes = {{"write", "Write access"}, {"read", "Read \"access\""}},
     .refresh_url = "/auth/refresh",
     .description = "Log in"}};
const HTTPBearer bearer{{.bearer_format = "JWT"}};
const HTTPBasic basic{{.realm = "The \"shop\""}};
const APIKeyHeader header_key{{.name = "X-API-Key"}};
const APIKeyQuery query_key{{.name = "key"}};
const APIKeyCookie cookie_key{{.name = "session"}};
const Optional<HTTPBearer> maybe_bearer;
const Optional<HTTPBasic> maybe_basic{{.realm = "shop"}};

class Schemes : public ::testing::Test {
protected:
    Schemes() {
        app_.get("/oauth2", [](Security<oauth2, "read"> token) { return std::string(*token); });
        app_.get("/bearer", [](Security<bearer> token) { return std::string(*token); });
        app_.get("/basic", [](Security<basic> who) { return who->username + '/' + who->password; });
        app_.get("/header", [](Security<header_key> key) { return std::string(*key); });
        app_.get("/query", [](Security<query_key> key) { return std::string(*key); });
        app_.get("/cookie", [](Security<cookie_key> key) { return std::string(*key); });
        app_.get("/maybe", [](Security<maybe_bearer> token) { return token->value_or("nobody"); });
        app_.get("/maybe/basic", [](Security<maybe_basic> who) {
            return who->has_value() ? (*who)->username : std::string("nobody");
        });
    }

    /// The body, or the status and challenge of a refusal.
    std::string get(std::string_view url, std::vector<std::string> authorization = {}) {
        TestClient client(app_);
        testing::RequestOptions options;
        for (auto& value : authorization) options.headers.emplace_back("Authorization", value);
        return answer(client.get(url, options));
    }
    static std::string answer(const testing::TestResponse& response) {
        if (response.status_code == 200) return response.text;
        EXPECT_EQ(response.text, R"({"detail":"Not authenticated"})");
        return std::to_string(response.status_code) + ' ' +
               std::string(response.header("WWW-Authenticate"));
    }

    App app_;
};

TEST_F(Schemes, a_bearer_token_is_found) {
    for (const auto url : {"/oauth2", "/bearer", "/maybe"}) {
        EXPECT_EQ(get(url, {"Bearer abc.def"}), R"("abc.def")");
        EXPECT_EQ(get(url, {"bEARER  abc"}), R"("abc")");
    }
}

TEST_F(Schemes, without_a_bearer_token_the_answer_is_401) {
    for (const auto url : {"/oauth2", "/bearer"}) {
        EXPECT_EQ(get(url), "401 Bearer");
        for (const auto value : {"Bearer", "Bearer ", "Bearerabc", "Basic YTpi", "Token abc", ""}) {
            EXPECT_EQ(get(url, {value}), "401 Bearer") << value;
        }
    }
}

TEST_F(Schemes, two_authorizations_are_none) {
    EXPECT_EQ(get("/bearer", {"Bearer a", "Bearer b"}), "401 Bearer");
    EXPECT_EQ(get("/bearer", {"Bearer a", "Bearer a"}), "401 Bearer");
}

TEST_F(Schemes, basic_credentials_are_found) {
    EXPECT_EQ(get("/basic", {"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}), R"("Aladdin/open sesame")");
    EXPECT_EQ(get("/basic", {"basic YTpiOmM="}), R"("a/b:c")");
    EXPECT_EQ(get("/basic", {"Basic Og=="}), R"("/")");
}

TEST_F(Schemes, bad_basic_credentials_are_as_good_as_missing) {
    const std::string refused = R"(401 Basic realm="The \"shop\"")";
    EXPECT_EQ(get("/basic"), refused);
    // No padding, not Base64, no colon, a control character.
    for (const auto value : {"Basic Og", "Basic !!!", "Basic YWJj", "Basic YQo6Yg==", "Bearer x"}) {
        EXPECT_EQ(get("/basic", {value}), refused) << value;
    }
}

TEST_F(Schemes, api_keys_are_found) {
    TestClient client(app_);
    EXPECT_EQ(answer(client.get("/header", {.headers = {{"x-api-key", "k1"}}})), R"("k1")");
    EXPECT_EQ(answer(client.get("/query", {.params = {{"key", "k 2"}}})), R"("k 2")");
    EXPECT_EQ(answer(client.get("/cookie", {.cookies = {{"session", "k3"}}})), R"("k3")");
    for (const auto url : {"/header", "/query", "/query?key=", "/cookie"}) {
        EXPECT_EQ(answer(client.get(url)), "401 APIKey") << url;
    }
}

TEST_F(Schemes, optional_ones_let_everybody_pass) {
    EXPECT_EQ(get("/maybe"), R"("nobody")");
    EXPECT_EQ(get("/maybe", {"Basic YTpi"}), R"("nobody")");
    EXPECT_EQ(get("/maybe/basic"), R"("nobody")");
    EXPECT_EQ(get("/maybe/basic", {"Basic YTpi"}), R"("a")");
}

TEST_F(Schemes, describe_themselves_for_the_document) {
    EXPECT_EQ(oauth2.openapi_json(),
              R"({"type":"oauth2","description":"Log in","flows":{"password":{"scopes":)"
              R"({"write":"Write access","read":"Read \"access\""},"tokenUrl":"/auth/token",)"
              R"("refreshUrl":"/auth/refresh"}}})");
    EXPECT_EQ(bearer.openapi_json(), R"({"type":"http","scheme":"bearer","bearerFormat":"JWT"})");
    EXPECT_EQ(basic.openapi_json(), R"({"type":"http","scheme":"basic"})");
    EXPECT_EQ(header_key.openapi_json(), R"({"type":"apiKey","in":"header","name":"X-API-Key"})");
    EXPECT_EQ(query_key.openapi_json(), R"({"type":"apiKey","in":"query","name":"key"})");
    EXPECT_EQ(cookie_key.openapi_json(), R"({"type":"apiKey","in":"cookie","name":"session"})");
    EXPECT_EQ(oauth2.scheme_name(), "OAuth2PasswordBearer");
    EXPECT_EQ(maybe_bearer.scheme_name(), "HTTPBearer");
    EXPECT_EQ(cookie_key.scheme_name(), "APIKeyCookie");
    EXPECT_EQ(APIKeyHeader({.name = "X-A", .scheme_name = "Partner"}).scheme_name(), "Partner");
}

TEST_F(Schemes, stand_in_the_route_with_its_scopes) {
    const auto routes = app_.routes();
    const auto route = std::ranges::find(routes, "/oauth2", &app::Route::path);
    ASSERT_NE(route, routes.end());
    ASSERT_EQ(route->security.size(), 1u);
    EXPECT_EQ(route->security[0].scheme, &oauth2);
    EXPECT_EQ(route->security[0].scopes, std::vector<std::string>{"read"});
}

TEST_F(Schemes, refuse_names_that_can_not_be) {
    EXPECT_THROW(APIKeyHeader({.name = "X Key"}), std::invalid_argument);
    EXPECT_THROW(APIKeyHeader({.name = ""}), std::invalid_argument);
    EXPECT_THROW(APIKeyQuery({.name = ""}), std::invalid_argument);
    EXPECT_THROW(HTTPBasic({.realm = "a\r\nSet-Cookie: b"}), std::invalid_argument);
}

}  // namespace
}  // namespace portico::auth
