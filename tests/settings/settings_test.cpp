#include "portico/settings/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "portico/model/annotated.hpp"
#include "portico/model/secret.hpp"

namespace portico::settings {
namespace {

using model::Annotated;
using model::description;
using model::empty;
using model::ge;
using model::le;
using model::min_length;
using model::SecretString;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

enum class Environment { development, test, production };

struct Guard {
    Annotated<bool> enabled = true;
    Annotated<int, ge(1), le(2147483647)> rate_limit = 100;
    Annotated<std::vector<std::string>> blacklist = empty;
};

struct Settings {
    Annotated<std::string, description("Title in the docs")> app_name = "MyAPI";
    Annotated<bool> debug = false;
    Annotated<Environment> environment = Environment::production;
    Annotated<int, ge(1), le(65535), description("Port to listen on")> port = 8000;
    Annotated<std::string, min_length(1), description("As sqlite:///./app.db")> database_url;
    Annotated<SecretString, min_length(32)> secret_key;
    Annotated<std::vector<std::string>> cors_origins = empty;
    Annotated<std::map<std::string, int>> weights = empty;
    std::optional<std::string> redis_url;
    Guard guard;
};

const std::string kSecret = "0123456789abcdef0123456789abcdef";

class SettingsTest : public testing::Test {
protected:
    SettingsTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "portico-XXXXXX").string();
        directory_ = ::mkdtemp(pattern.data());
        options_.program = "shop";
        options_.directory = directory_.string();
        options_.environment.emplace();
        options_.sources = &sources_;
        env("DATABASE_URL", "sqlite:///./app.db");
        env("SECRET_KEY", kSecret);
    }
    ~SettingsTest() override { std::filesystem::remove_all(directory_); }

    void env(const std::string& name, const std::string& value) {
        (*options_.environment)[name] = value;
    }
    void write(const std::string& name, const std::string& text) {
        std::filesystem::create_directories((directory_ / name).parent_path());
        std::ofstream(directory_ / name, std::ios::binary) << text;
    }

    template <class T = Settings, class F = detail::NoCheck>
    std::expected<T, Exit> load_with(std::vector<const char*> arguments = {}, const F& check = {}) {
        arguments.insert(arguments.begin(), "/usr/bin/shop");
        return load<T>(static_cast<int>(arguments.size()), arguments.data(), options_, check);
    }
    Settings good(std::vector<const char*> arguments = {}) {
        auto settings = load_with(std::move(arguments));
        EXPECT_TRUE(settings.has_value()) << settings.error().text;
        return *std::move(settings);
    }
    std::string wrong(std::vector<const char*> arguments = {}) {
        const auto settings = load_with(std::move(arguments));
        EXPECT_FALSE(settings.has_value());
        if (settings) return "";
        EXPECT_EQ(settings.error().status, 2);
        return settings.error().text;
    }

    std::filesystem::path directory_;
    Options options_;
    Sources sources_;
};

TEST_F(SettingsTest, what_is_not_set_has_its_default) {
    const auto settings = good();
    EXPECT_EQ(settings.app_name, "MyAPI");
    EXPECT_EQ(settings.port, 8000);
    EXPECT_EQ(settings.environment.value, Environment::production);
    EXPECT_FALSE(settings.redis_url.has_value());
    EXPECT_EQ(settings.guard.rate_limit, 100);
    EXPECT_EQ(sources_.of("port"), "default");
    EXPECT_EQ(sources_.of("guard.rate_limit"), "default");
}

TEST_F(SettingsTest, the_first_source_wins) {
    write("secrets/port", "1\n");
    env("SECRETS_DIR", (directory_ / "secrets").string());
    EXPECT_EQ(good().port, 1);
    EXPECT_THAT(std::string(sources_.of("port")), EndsWith("secrets/port"));
    write(".env", "# first\nPORT=2\n");
    EXPECT_EQ(good().port, 2);
    EXPECT_EQ(sources_.of("port"), ".env line 2");
    write(".env.local", "PORT=3");
    EXPECT_EQ(good().port, 3);
    EXPECT_EQ(sources_.of("port"), ".env.local line 1");
    env("PORT", "4");
    EXPECT_EQ(good().port, 4);
    EXPECT_EQ(sources_.of("port"), "environment variable PORT");
    EXPECT_EQ(good({"--port", "5"}).port, 5);
    EXPECT_EQ(sources_.of("port"), "option --port");
}

TEST_F(SettingsTest, names_are_case_insensitive_and_capitals_win) {
    env("Port", "81");
    EXPECT_EQ(good().port, 81);
    env("PORT", "82");
    env("port", "83");
    EXPECT_EQ(good().port, 82);
    write(".env", "App_Name=x");
    EXPECT_EQ(good().app_name, "x");
}

TEST_F(SettingsTest, unknown_names_in_a_file_or_the_environment_are_ignored) {
    write(".env", "POTR=1\nGUARD__NOTHING=2");
    env("PATH", "/bin");
    EXPECT_EQ(good().port, 8000);
}

TEST_F(SettingsTest, the_last_of_a_files_duplicates_counts) {
    write(".env", "PORT=1\nport=2");
    EXPECT_EQ(good().port, 2);
}

TEST_F(SettingsTest, lists_and_maps_are_json) {
    env("CORS_ORIGINS", R"(["https://a.example", "https://b.example"])");
    env("WEIGHTS", R"({"a": 1})");
    const auto settings = good();
    EXPECT_EQ(settings.cors_origins.size(), 2U);
    EXPECT_EQ(settings.weights.at("a"), 1);
}

TEST_F(SettingsTest, nested_fields_have_two_underscores_or_a_dot) {
    env("GUARD__RATE_LIMIT", "7");
    env("guard__blacklist", R"(["10.0.0.0/8"])");
    auto settings = good();
    EXPECT_EQ(settings.guard.rate_limit, 7);
    EXPECT_EQ(settings.guard.blacklist.at(0), "10.0.0.0/8");
    settings = good({"--guard.rate-limit=8", "--no-guard.enabled"});
    EXPECT_EQ(settings.guard.rate_limit, 8);
    EXPECT_FALSE(settings.guard.enabled);
}

TEST_F(SettingsTest, a_group_as_json_is_told_not_passed_over) {
    env("GUARD", R"({"rate_limit": 7})");
    EXPECT_THAT(wrong(), HasSubstr("guard: takes no JSON as a whole: set its fields, GUARD__… "
                                   "(environment variable GUARD)"));
}

TEST_F(SettingsTest, a_switch_needs_no_value) {
    EXPECT_TRUE(good({"--debug"}).debug);
    EXPECT_FALSE(good({"--debug", "--no-debug"}).debug);
    EXPECT_TRUE(good({"--debug=true"}).debug);
    EXPECT_THAT(wrong({"--no-debug=1"}), HasSubstr("--no-debug: takes no value (command line)"));
    EXPECT_THAT(wrong({"--no-port"}), HasSubstr("--no-port: unknown option"));
}

TEST_F(SettingsTest, options_take_any_case_and_underscores) {
    EXPECT_EQ(good({"--APP_name", "x"}).app_name, "x");
    EXPECT_EQ(good({"--app-name=a=b"}).app_name, "a=b");
    EXPECT_EQ(good({"--port", "1", "--port", "2"}).port, 2);
}

TEST_F(SettingsTest, an_empty_text_is_the_null_of_an_optional) {
    write(".env", "REDIS_URL=redis://localhost");
    EXPECT_EQ(good().redis_url, "redis://localhost");
    env("REDIS_URL", "");
    EXPECT_EQ(good().redis_url, std::nullopt);
    env("APP_NAME", "");
    EXPECT_EQ(good().app_name, "");
    env("PORT", "");
    EXPECT_THAT(wrong(), HasSubstr("port: expected a number in 1–65535, got \"\""));
}

TEST_F(SettingsTest, a_wrong_value_is_told_with_source_and_expectation) {
    env("PORT", "80a");
    EXPECT_EQ(wrong(),
              "shop: 1 of its settings is wrong:\n"
              "  port: expected a number in 1–65535, got \"80a\" (environment variable PORT)\n");
    env("PORT", "65536");
    EXPECT_THAT(wrong(), HasSubstr("port: expected a number in 1–65535, got \"65536\""));
}

TEST_F(SettingsTest, every_fault_is_told_at_once_in_the_order_of_the_fields) {
    options_.environment->clear();
    write(".env", "DEBUG=perhaps\nENVIRONMENT=prod\nCORS_ORIGINS=https://a.example\nnonsense");
    env("GUARD__RATE_LIMIT", "0");
    env("WEIGHTS", R"({"a": "x"})");
    const auto settings = load_with({"--port=x", "--prot", "1", "stray"});
    ASSERT_FALSE(settings.has_value());
    const auto& text = settings.error().text;
    EXPECT_THAT(text, HasSubstr("--prot: unknown option; did you mean --port? (command line)"));
    EXPECT_THAT(text, HasSubstr("stray: expected an option, which begins with -- (command line)"));
    EXPECT_THAT(text, HasSubstr(".env line 4: expected NAME=value"));
    EXPECT_THAT(text, HasSubstr("debug: expected true or false, got \"perhaps\" (.env line 1)"));
    EXPECT_THAT(text, HasSubstr("environment: "));
    EXPECT_THAT(text, HasSubstr("cors_origins: "));
    EXPECT_THAT(text, HasSubstr("port: expected a number in 1–65535, got \"x\" (option --port)"));
    EXPECT_THAT(text,
                HasSubstr("database_url: expected a text of at least 1 characters, but it is "
                          "not set. As sqlite:///./app.db (environment variable DATABASE_URL)"));
    EXPECT_THAT(text,
                HasSubstr("secret_key: expected a secret of at least 32 characters, but it is "
                          "not set (environment variable SECRET_KEY)"));
    EXPECT_THAT(text, HasSubstr("weights.a: "));
    EXPECT_THAT(text, HasSubstr("guard.rate_limit: expected a number in 1–2147483647, got \"0\""));
    EXPECT_EQ(settings.error().problems.size(), 11U);
}

TEST_F(SettingsTest, a_wrong_name_or_list_says_what_there_is) {
    env("ENVIRONMENT", "prod");
    env("CORS_ORIGINS", "https://a.example");
    env("DEBUG", "perhaps");
    const auto text = wrong();
    EXPECT_THAT(
        text,
        HasSubstr("environment: expected 'development', 'test' or 'production', got \"prod\""));
    EXPECT_THAT(text, HasSubstr("cors_origins: expected a JSON list, got \"https://a.example\""));
    EXPECT_THAT(text, HasSubstr("debug: expected true or false, got \"perhaps\""));
}

TEST_F(SettingsTest, an_item_of_a_list_is_named) {
    env("CORS_ORIGINS", R"(["a", 7])");
    EXPECT_THAT(wrong(), HasSubstr("cors_origins.1: "));
}

TEST_F(SettingsTest, a_secret_is_never_shown) {
    env("SECRET_KEY", "too short");
    const auto text = wrong();
    EXPECT_THAT(text,
                HasSubstr("secret_key: expected a secret of at least 32 characters; the value "
                          "is not shown (environment variable SECRET_KEY)"));
    EXPECT_THAT(text, Not(HasSubstr("too short")));
}

TEST_F(SettingsTest, a_secret_is_not_accepted_on_the_command_line) {
    const auto text = wrong({"--secret-key", "fedcba9876543210fedcba9876543210"});
    EXPECT_THAT(text, HasSubstr("secret_key: a secret is not accepted on the command line"));
    EXPECT_THAT(text, Not(HasSubstr("fedcba")));
    EXPECT_THAT(wrong({"--secret-key=fedcba9876543210fedcba9876543210"}), Not(HasSubstr("fedcba")));
    EXPECT_THAT(wrong({"--secret-kye=fedcba9876543210fedcba9876543210"}), Not(HasSubstr("fedcba")));
    EXPECT_THAT(wrong({"--secret-kye", "fedcba9876543210fedcba9876543210"}),
                Not(HasSubstr("fedcba")));
}

struct PortsOnly {
    Annotated<int, ge(1)> pool;
    Annotated<std::uint16_t> port = 80;
    Annotated<std::string, model::max_length(10)> url = "";
};

TEST_F(SettingsTest, bounds_on_one_side_and_of_the_type_are_told) {
    env("POOL", "0");
    env("PORT", "70000");
    env("URL", "postgresql://user:hunter2@host/db");
    const auto settings = load_with<PortsOnly>();
    ASSERT_FALSE(settings.has_value());
    EXPECT_THAT(settings.error().text,
                HasSubstr("pool: expected a whole number of at least 1, got \"0\""));
    EXPECT_THAT(settings.error().text,
                HasSubstr("port: expected a number in 0–65535, got \"70000\""));
    EXPECT_THAT(settings.error().text, HasSubstr("got \"postgresql://***@host/db\""));
}

TEST_F(SettingsTest, a_check_of_several_fields_is_told_with_the_rest) {
    env("PORT", "x");
    env("DEBUG", "true");
    const auto settings = load_with({}, [](const Settings& read, Problems& problems) {
        if (read.debug && read.environment.value == Environment::production) {
            problems.add("debug", "is refused in production");
        }
        if (read.port < 1024) problems.add("port", "needs root");
        EXPECT_TRUE(problems.has("port"));
        EXPECT_FALSE(problems.has("app_name"));
    });
    ASSERT_FALSE(settings.has_value());
    EXPECT_EQ(settings.error().problems.size(), 2U);
    EXPECT_THAT(settings.error().text,
                HasSubstr("debug: is refused in production (environment variable DEBUG)"));
}

void refuse_debug(const Settings& settings, Problems& problems) {
    if (settings.debug) problems.add("debug", "is refused");
}

TEST_F(SettingsTest, a_check_may_be_a_plain_function) {
    const char* const arguments[]{"shop", "--debug"};
    const auto settings = load<Settings>(2, arguments, options_, refuse_debug);
    ASSERT_FALSE(settings.has_value());
    EXPECT_THAT(settings.error().text, HasSubstr("debug: is refused (option --debug)"));
}

struct Window {
    Annotated<int> from = 0;
    Annotated<int> to = 0;
    std::optional<std::string> validate() const {
        return from > to ? std::optional<std::string>("from must not be after to") : std::nullopt;
    }
};
struct Opening {
    Window hours;
};

struct Shifts {
    struct Shift {
        Annotated<int> from = 0;
        Annotated<int> to = 0;
        void validate(model::ValidationErrors& errors) const {
            if (from > to) errors.add_at(to, "must not be before from");
            if (to > 24) errors.add("a day has 24 hours");
        }
    };
    Shift late;
};

TEST_F(SettingsTest, a_models_own_check_says_which_setting_is_wrong) {
    env("LATE__FROM", "30");
    env("LATE__TO", "25");
    const auto settings = load_with<Shifts>();
    ASSERT_FALSE(settings.has_value());
    EXPECT_THAT(settings.error().text, HasSubstr("late.to: must not be before from"));
    EXPECT_THAT(settings.error().text, HasSubstr("late: a day has 24 hours"));
}

TEST_F(SettingsTest, a_models_own_check_counts) {
    env("HOURS__FROM", "9");
    const auto settings = load_with<Opening>();
    ASSERT_FALSE(settings.has_value());
    EXPECT_THAT(settings.error().text, HasSubstr("hours: from must not be after to"));
    env("HOURS__TO", "17");
    EXPECT_TRUE(load_with<Opening>().has_value());
}

TEST_F(SettingsTest, a_prefix_stands_before_every_name) {
    options_.env_prefix = "shop_";
    env("SHOP_DATABASE_URL", "x");
    env("SHOP_SECRET_KEY", kSecret);
    env("SHOP_GUARD__RATE_LIMIT", "9");
    env("PORT", "1");
    const auto settings = good();
    EXPECT_EQ(settings.port, 8000);
    EXPECT_EQ(settings.guard.rate_limit, 9);
}

TEST_F(SettingsTest, a_secrets_file_ends_before_its_newline) {
    options_.environment->erase("SECRET_KEY");
    options_.secrets_dir = (directory_ / "run").string();
    write("run/Secret_Key", kSecret + "\r\n");
    write("run/other", "ignored");
    EXPECT_EQ(good().secret_key.reveal(), kSecret);
    write("run/Secret_Key", std::string(70000, 'a'));
    EXPECT_THAT(wrong(), HasSubstr("secret_key: expected a file of at most 64 KiB (secrets file "));
}

TEST_F(SettingsTest, a_secrets_directory_that_is_not_there_is_told) {
    options_.secrets_dir = "/nowhere/at/all";
    EXPECT_THAT(wrong(), HasSubstr("secrets_dir: can't read the directory \"/nowhere/at/all\""));
}

TEST_F(SettingsTest, an_option_without_its_value_is_told) {
    EXPECT_THAT(wrong({"--port"}), HasSubstr("--port: expected a value after it (command line)"));
}

TEST_F(SettingsTest, help_is_no_error_and_prints_nothing_itself) {
    options_.environment->clear();
    options_.description = "Sells things.";
    const auto settings = load_with({"--port", "x", "--help"});
    ASSERT_FALSE(settings.has_value());
    EXPECT_EQ(settings.error().status, 0);
    const auto& text = settings.error().text;
    EXPECT_THAT(text, testing::StartsWith("Usage: shop [options]\n\nSells things.\n"));
    EXPECT_THAT(text, HasSubstr("--port NUMBER"));
    EXPECT_THAT(text, HasSubstr("Port to listen on; a number in 1–65535 [default: 8000] [PORT]"));
    EXPECT_THAT(text, HasSubstr("--[no-]debug"));
    EXPECT_THAT(text, HasSubstr("--guard.rate-limit NUMBER"));
    EXPECT_THAT(text, HasSubstr("[GUARD__RATE_LIMIT]"));
    EXPECT_THAT(text, HasSubstr("[required]"));
    EXPECT_THAT(text, HasSubstr("\n  SECRET_KEY"));
    EXPECT_THAT(text, Not(HasSubstr("--secret-key")));
    EXPECT_THAT(text, Not(HasSubstr("--version")));
}

TEST_F(SettingsTest, the_version_is_told_when_there_is_one) {
    EXPECT_THAT(wrong({"--version"}), HasSubstr("--version: unknown option"));
    options_.version = "1.2.3";
    const auto settings = load_with({"--version"});
    ASSERT_FALSE(settings.has_value());
    EXPECT_EQ(settings.error().status, 0);
    EXPECT_EQ(settings.error().text, "shop 1.2.3\n");
}

TEST_F(SettingsTest, the_program_is_named_by_its_first_argument) {
    options_.program.clear();
    env("PORT", "x");
    EXPECT_THAT(wrong(), testing::StartsWith("shop: "));
    EXPECT_THAT(load<Settings>(0, nullptr, options_).error().text,
                testing::StartsWith("program: "));
}

}  // namespace
}  // namespace portico::settings
