#include "portico/guard/guard_command.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "portico/app/app.hpp"
#include "tests/support/run_command.hpp"

namespace portico::guard {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

using Result = portico::testing::CommandResult;

class GuardCommand : public ::testing::Test {
protected:
    GuardCommand() {
        app.get("/items/{id}", [] { return 1; });
        app.post("/notes", [] { return 1; },
                 {.access = {.honeypot_fields = {"website"}, .unscanned_fields = {"text"}}});
        app.get("/free", [] { return 1; }, {.bypass = {"detection"}});
        app.get("/inside", [] { return 1; }, {.access = {.allow_ips = {"10.0.0.0/8"}}});
        (void)app.routes();
    }

    Result run(std::vector<std::string> words) {
        words.insert(words.begin(), "guard");
        return portico::testing::run_command(
            [this](int argc, char** argv) {
                return guard_command(
                    {.config = [this]() -> std::expected<Config, std::string> { return config; },
                     .routes = &app,
                     .program = "shop"},
                    argc, argv);
            },
            std::move(words));
    }

    Config config;
    app::App app{{.title = "Shop", .version = "1"}};
};

TEST_F(GuardCommand, test_explains_a_refusal) {
    const Result refused = run({"test", "GET /items/7?q=1' UNION SELECT a FROM b--"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(
        refused.out,
        AllOf(StartsWith("GET /items/7?q=1' UNION SELECT a FROM b--\n"),
              HasSubstr("  from     192.0.2.1\n"), HasSubstr("  route    /items/{id}\n"),
              HasSubstr("  found    sql-union-select in query_value.q: 5 (critical) The "
                        "rows of another query are added"),
              HasSubstr(", an attack from 5 on\n"), HasSubstr("  check    detection: blocked\n"),
              HasSubstr("  answer   400 Suspicious activity detected\n"),
              HasSubstr("5 such requests within 3600 s")));
}

TEST_F(GuardCommand, test_says_when_nothing_is_wrong) {
    const Result served = run({"test", "/items/7?name=O'Brien"});
    EXPECT_EQ(served.status, 0);
    EXPECT_THAT(served.out, AllOf(StartsWith("GET /items/7?name=O'Brien\n"),
                                  HasSubstr("  answer   the application's\n"),
                                  Not(HasSubstr("check")), Not(HasSubstr("served"))));
}

TEST_F(GuardCommand, test_reads_bodies_fields_and_addresses) {
    const std::string attack = R"({"title": "<script>alert(1)</script>"})";
    EXPECT_THAT(run({"test", "/notes", "--body", attack}).out,
                AllOf(StartsWith("POST /notes\n"), HasSubstr("in body_value.title: 5"),
                      HasSubstr("answer   400")));
    // The route exempts it.
    EXPECT_EQ(run({"test", "/notes", "--body", R"({"text": "<script>alert(1)</script>"})"}).status,
              0);
    EXPECT_THAT(
        run({"test", "PUT /notes HTTP/1.1", "--body", "x=<script>alert(1)</script>"}).out,
        AllOf(StartsWith("PUT /notes\n"), HasSubstr("route    none"), HasSubstr("answer   400")));
    EXPECT_THAT(run({"test", "/notes", "--body", "website=here"}).out,
                AllOf(HasSubstr("check    honeypot: blocked\n"),
                      HasSubstr("answer   403 Forbidden"), Not(HasSubstr("towards a ban"))));
    EXPECT_THAT(run({"test", "/", "--header", "User-Agent: sqlmap/1"}).out,
                HasSubstr("check    user_agent: blocked\n  answer   403 User-Agent not allowed\n"));
    EXPECT_THAT(run({"test", "/", "--header", "X-Note: ${jndi:ldap://x/a}"}).out,
                HasSubstr(" in header.X-Note: 5"));
    EXPECT_EQ(run({"test", "/inside"}).status, 1);
    EXPECT_EQ(run({"test", "/inside", "--from", "10.1.2.3"}).status, 0);
    const std::string file = ::testing::TempDir() + "guard_command_body";
    std::ofstream(file) << attack;
    EXPECT_EQ(run({"test", "/notes", "--body", "@" + file}).status, 1);
    std::filesystem::remove(file);
}

TEST_F(GuardCommand, test_says_why_an_attack_is_served) {
    const std::string attack = "?q=<script>alert(1)</script>";
    EXPECT_THAT(run({"test", "/free" + attack}).out,
                HasSubstr("  served   the route bypasses detection\n"));
    EXPECT_THAT(run({"test", "/health" + attack}).out,
                HasSubstr("  served   the path is one of exclude_paths"));
    config.whitelist = {"192.0.2.0/24"};
    EXPECT_THAT(run({"test", "/" + attack}).out,
                HasSubstr("  served   the address is in the whitelist\n"));
    config.whitelist.clear();
    config.passive_mode = true;
    const Result passive = run({"test", "/" + attack});
    EXPECT_EQ(passive.status, 0);
    EXPECT_THAT(passive.out, AllOf(HasSubstr("  check    detection: logged\n"),
                                   HasSubstr("  served   passive_mode refuses nothing\n")));
    config.enable_penetration_detection = false;
    EXPECT_THAT(run({"test", "/" + attack}).out,
                HasSubstr("  served   detection is not enabled\n"));
    config.enabled = false;
    EXPECT_THAT(run({"test", "/" + attack}).out,
                HasSubstr("  served   the guard is not enabled\n"));
}

TEST_F(GuardCommand, test_goes_by_the_dynamic_rules) {
    const std::string file = ::testing::TempDir() + "guard_command_rules.json";
    std::ofstream(file) << R"({"blacklist": ["192.0.2.0/24"], "disabled_rules": ["xss-script"]})";
    config.dynamic_rules_file = file;
    EXPECT_THAT(run({"test", "/?q=<script>"}).out,
                AllOf(HasSubstr("check    ip: blocked"), Not(HasSubstr("found    xss-script"))));
    std::ofstream(file) << R"({"blacklist": 7})";
    EXPECT_THAT(run({"test", "/"}).errors,
                StartsWith("guard: dynamic_rules_file: blacklist: Input should be a valid list"));
    std::filesystem::remove(file);
}

TEST_F(GuardCommand, what_is_printed_can_not_control_the_terminal) {
    // An escape, a line, the control character U+009B, an override of the direction.
    const Result shown = run({"test", "/x?a=\x1b[2J\n' or 1=1--\xc2\x9b\xe2\x80\xae"});
    EXPECT_THAT(shown.out, HasSubstr("a=\\x1b[2J\\n' or 1=1--\\u009b\\u202e\n"));
}

TEST_F(GuardCommand, wrong_use_is_2) {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {},
             {"prove"},
             {"test"},
             {"test", "items"},
             {"test", "/%zz"},
             {"test", "/a", "/b"},
             {"test", "/a", "--header"},
             {"test", "/a", "--header", "no colon"},
             {"test", "/a", "--from", "nobody"},
             {"test", "/a", "--body", "@/no/such/file"},
             {"test", "/a", "--loud", "x"},
             {"report", "a", "b"},
             {"rules", "a", "b"},
         }) {
        const Result result = run(words);
        EXPECT_EQ(result.status, 2) << ::testing::PrintToString(words);
        EXPECT_NE(result.errors, "");
    }
    config.blacklist = {"x"};
    const Result nonsense = run({"test", "/"});
    EXPECT_EQ(nonsense.status, 2);
    EXPECT_THAT(nonsense.errors, StartsWith("guard: blacklist.0: "));
}

TEST_F(GuardCommand, help_names_the_program) {
    const Result help = run({"--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.out, AllOf(StartsWith("usage: shop guard test"), HasSubstr("report FILE")));
}

TEST_F(GuardCommand, rules_are_listed_and_shown) {
    EXPECT_THAT(run({"rules"}).out, HasSubstr("\nsql-union-select"));
    EXPECT_THAT(run({"rules", "sql-union-select"}).out,
                AllOf(StartsWith("sql-union-select\n"), HasSubstr("  finds       "),
                      HasSubstr("  lets pass   ")));
    EXPECT_EQ(run({"rules", "none"}).status, 1);
}

class GuardReport : public GuardCommand {
protected:
    ~GuardReport() override { std::filesystem::remove(file); }

    void found(const std::string& address, const std::string& route, const std::string& where,
               const std::string& rules = "xss-script", const std::string& action = "blocked") {
        lines += R"({"time":"2026-01-01T00:00:0)" + std::to_string(number++ % 10) +
                 R"(Z","level":"WARNING","message":"suspicious request","fields":{"address":")" +
                 address + R"(","method":"POST","route":")" + route +
                 R"(","path":"/x","check":"detection","action":")" + action +
                 R"(","status":400,"score":5,"rules":")" + rules + R"(","where":")" + where +
                 "\"}}\n";
    }
    Result report() {
        std::ofstream(file) << lines;
        return run({"report", file});
    }

    std::string file = ::testing::TempDir() + "guard_report.log";
    std::string lines;
    int number = 0;
};

TEST_F(GuardReport, sums_up_by_check_rule_route_and_address) {
    found("192.0.2.1", "/notes", "query_value.q", "sql-a, sql-b");
    found("192.0.2.1", "/notes", "query_value.q", "sql-a", "banned");
    found("192.0.2.2", "", "path", "path-climb");
    lines +=
        R"({"time":"2026-01-01T00:00:05Z","message":"suspicious request","fields":{"address":"192.0.2.1",)"
        R"("method":"GET","route":"/","check":"rate_limit","action":"blocked","status":429}})"
        "\n";
    lines +=
        R"({"time":"2026-01-01T00:00:06Z","message":"request","fields":{"address":"192.0.2.3"}})"
        "\n";
    lines += R"({"time":"2026-01-01T00:00:09Z","message":"lines left out","fields":{"count":70}})"
             "\n";
    lines += "no JSON\n[1]\n\n";
    const Result summed = report();
    EXPECT_EQ(summed.status, 0);
    EXPECT_THAT(summed.out,
                StartsWith("8 lines, from 2026-01-01T00:00:00Z to 2026-01-01T00:00:09Z\n"
                           "         1  requests that passed\n"
                           "        70  lines that were too many to be written\n"
                           "         2  lines that are none of the guard's\n"
                           "\nby check\n"
                           "         2  detection blocked\n"
                           "         1  detection banned\n"
                           "         1  rate_limit blocked\n"
                           "\nby rule\n"
                           "         2  sql-a\n"
                           "         1  path-climb\n"
                           "         1  sql-b\n"
                           "\nby route\n"
                           "         2  POST /notes\n"
                           "         1  GET /\n"
                           "         1  POST (no route)\n"
                           "\nby address\n"
                           "         3  192.0.2.1\n"
                           "         1  192.0.2.2\n"));
    EXPECT_THAT(summed.out, Not(HasSubstr("perhaps false")));
}

TEST_F(GuardReport, many_addresses_are_few_rows) {
    for (int i = 0; i < 30; ++i) found("192.0.2." + std::to_string(i), "/a", "path");
    EXPECT_THAT(report().out, HasSubstr("        20  others\n"));
}

TEST_F(GuardReport, a_field_that_is_refused_to_several_honest_clients_is_perhaps_false) {
    for (int i = 0; i < 4; ++i) {
        found("192.0.2." + std::to_string(i), "/articles", "body_value.text", "xss-script");
        found("192.0.2." + std::to_string(i), "/articles", "body_value.text", "code-php");
    }
    const std::string text = report().out;
    EXPECT_THAT(text, HasSubstr("perhaps false"));
    EXPECT_THAT(text,
                HasSubstr("  POST /articles: 8 requests of 4 addresses, code-php, xss-script\n"
                          "      .access = {.unscanned_fields = {\"text\"}}\n"));
}

TEST_F(GuardReport, who_tries_many_fields_is_no_honest_client) {
    for (int i = 0; i < 4; ++i) {
        for (const char* field : {"query_value.q", "query_value.id", "header.X-A"}) {
            found("192.0.2." + std::to_string(i), "/articles", field);
        }
    }
    EXPECT_THAT(report().out, Not(HasSubstr("perhaps false")));
}

TEST_F(GuardReport, two_clients_are_too_few_and_a_path_can_not_be_exempt) {
    for (int i = 0; i < 2; ++i)
        found("192.0.2." + std::to_string(i), "/articles", "body_value.text");
    for (int i = 10; i < 20; ++i) found("192.0.2." + std::to_string(i), "/articles", "path");
    for (int i = 20; i < 30; ++i) found("192.0.2." + std::to_string(i), "", "body_value.text");
    EXPECT_THAT(report().out, Not(HasSubstr("perhaps false")));
}

TEST_F(GuardReport, the_settings_name_the_file_and_a_missing_one_is_1) {
    config.log_file = file;
    found("192.0.2.1", "/", "path");
    std::ofstream(file) << lines;
    EXPECT_THAT(run({"report"}).out, StartsWith("1 lines"));
    const Result missing = run({"report", "/no/such/file"});
    EXPECT_EQ(missing.status, 1);
    EXPECT_THAT(missing.errors, HasSubstr("/no/such/file: No such file or directory"));
    config.log_file = "";
    EXPECT_EQ(run({"report"}).status, 2);
}

}  // namespace
}  // namespace portico::guard
