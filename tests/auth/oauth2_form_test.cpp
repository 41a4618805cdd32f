#include "portico/auth/oauth2_form.hpp"

#include <gtest/gtest.h>

#include "portico/testing/test_client.hpp"

namespace portico::auth {
namespace {

using app::App;
using app::Form;
using testing::TestClient;

class TokenForm : public ::testing::Test {
protected:
    TokenForm() {
        app_.post("/token", [](Form<OAuth2PasswordRequestForm> form) {
            std::string text = form->username + '/' + std::string(form->password.reveal());
            for (const auto& scope : form->scopes()) text += '/' + scope;
            if (form->client_id) text += "/id=" + *form->client_id;
            return text;
        });
    }
    testing::TestResponse post(testing::Pairs data) {
        TestClient client(app_);
        return client.post("/token", {.data = std::move(data)});
    }

    App app_;
};

TEST_F(TokenForm, a_name_and_a_password_are_enough) {
    EXPECT_EQ(post({{"username", "alice"}, {"password", "s p"}}).text, R"("alice/s p")");
}

TEST_F(TokenForm, scopes_are_split_at_spaces) {
    EXPECT_EQ(post({{"grant_type", "password"},
                    {"username", "alice"},
                    {"password", "secret"},
                    {"scope", " read  write read "},
                    {"client_id", "web"}})
                  .text,
              R"("alice/secret/read/write/id=web")");
}

TEST_F(TokenForm, only_the_password_grant_is_taken) {
    const auto response =
        post({{"grant_type", "implicit"}, {"username", "alice"}, {"password", "secret"}});
    EXPECT_EQ(response.status_code, 422);
    EXPECT_NE(response.text.find("string_pattern_mismatch"), std::string::npos) << response.text;
    EXPECT_EQ(response.text.find("secret"), std::string::npos);
}

TEST_F(TokenForm, name_and_password_must_be_there) {
    const auto response = post({{"scope", "read"}});
    EXPECT_EQ(response.status_code, 422);
    EXPECT_NE(response.text.find(R"(["body","username"])"), std::string::npos);
    EXPECT_NE(response.text.find(R"(["body","password"])"), std::string::npos);
}

TEST(OAuth2PasswordRequestForm, has_at_most_256_scopes) {
    OAuth2PasswordRequestForm form;
    for (int i = 0; i < 1000; ++i) form.scope += std::to_string(i) + ' ';
    EXPECT_EQ(form.scopes().size(), 256u);
    form.scope = "";
    EXPECT_TRUE(form.scopes().empty());
}

}  // namespace
}  // namespace portico::auth
