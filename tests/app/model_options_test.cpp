#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "portico/app/parameters.hpp"
#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using model::Annotated;
using testing::TestClient;

inline constexpr auto kUpper = [](model::Json& input) -> std::optional<std::string> {
    if (input.as_string() == "no") return "no is no answer";
    input = std::string(input.as_string()) + "!";
    return std::nullopt;
};

struct Search {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid,
                                                            .alias_generator = &model::to_camel,
                                                            .populate_by_name = true};
    Annotated<int> page_size = 10;
    Annotated<std::string, model::before_validator(kUpper)> search_text = "";
    Annotated<int, model::read_only> total = 7;

    void validate(model::ValidationErrors& errors) const {
        if (page_size > 50) errors.add_at(page_size, "a page holds 50");
        if (page_size > 60) errors.add("far too many");
    }
};

std::string shown(const Search& search) {
    return std::to_string(search.page_size) + search.search_text + std::to_string(search.total);
}

class ModelOptions : public ::testing::Test {
protected:
    ModelOptions() {
        app.get("/search", [](Query<Search> search) { return shown(*search); });
        app.get("/header", [](Header<Search> search) { return shown(*search); });
    }
    std::string get(const std::string& url) { return TestClient(app).get(url).text; }
    App app;
};

TEST_F(ModelOptions, a_parameter_has_its_alias_or_its_name) {
    EXPECT_EQ(get("/search?pageSize=3&search_text=a"), R"("3a!7")");
    for (const auto* both : {"/search?page_size=3&pageSize=4", "/search?pageSize=4&page_size=3"}) {
        EXPECT_EQ(
            get(both),
            R"({"detail":[{"type":"extra_forbidden","loc":["query","page_size"],"msg":"Extra inputs are not permitted","input":"3"}]})");
    }
}

TEST_F(ModelOptions, a_read_only_member_is_no_parameter) {
    EXPECT_EQ(
        get("/search?total=3"),
        R"({"detail":[{"type":"extra_forbidden","loc":["query","total"],"msg":"Extra inputs are not permitted","input":"3"}]})");
    for (const RouteParameter& parameter : app.routes().front().parameters) {
        EXPECT_NE(parameter.name, "total");
    }
}

TEST_F(ModelOptions, a_validator_sees_a_parameter_before_it_is_read) {
    EXPECT_EQ(
        get("/search?searchText=no"),
        R"({"detail":[{"type":"value_error","loc":["query","searchText"],"msg":"Value error, no is no answer","input":"no","ctx":{"error":{}}}]})");
}

TEST_F(ModelOptions, a_model_places_its_faults) {
    const auto text = get("/search?pageSize=70");
    EXPECT_NE(text.find(R"("loc":["query","pageSize"],"msg":"Value error, a page holds 50")"),
              text.npos);
    EXPECT_NE(text.find(R"("loc":["query"],"msg":"Value error, far too many")"), text.npos);
}

struct Card {
    Annotated<std::string> kind = "card";
    std::string number;
};
struct Cash {
    Annotated<std::string> kind = "cash";
    int notes;
};
struct Payment {
    Annotated<std::variant<Card, Cash>, model::discriminator("kind")> by;
    Annotated<std::string, model::write_only> secret;
};

TEST(ModelOptionsOfBodies, a_tagged_union_is_bound_and_what_is_write_only_stays_inside) {
    App app;
    app.post("/pay", [](Payment payment) { return payment; });
    TestClient client(app);
    EXPECT_EQ(
        client.post("/pay", {.json = R"({"by":{"kind":"cash","notes":3},"secret":"s"})"}).text,
        R"({"by":{"kind":"cash","notes":3}})");
    EXPECT_EQ(
        client.post("/pay", {.json = R"({"by":{"kind":"card"},"secret":"s"})"}).text,
        R"({"detail":[{"type":"missing","loc":["body","by","card","number"],"msg":"Field required","input":{"kind":"card"}}]})");
}

struct Several {
    Annotated<int, model::validation_alias("n"), model::validation_alias("number"),
              model::validation_alias("/never/in/a/query")>
        count = 1;
};

TEST(Choices, hold_for_parameters_too) {
    App app;
    app.get("/x", [](Query<Several> several) { return several->count.value; });
    app.get("/h", [](Header<Several> several) { return several->count.value; });
    TestClient client(app);
    EXPECT_EQ(client.get("/x?number=2&n=3").text, "3");
    EXPECT_EQ(client.get("/x?number=2").text, "2");
    EXPECT_EQ(client.get("/x?count=2").text, "1");
    EXPECT_EQ(client.get("/h", {.headers = {{"Number", "2"}}}).text, "2");
    EXPECT_EQ(app.routes()[0].parameters[0].name, "n");
}

struct Open {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::allow};
    Annotated<int> limit = 10;
    Annotated<std::map<std::string, model::Json>, model::extras> rest = model::empty;
};
struct Numbers {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::allow};
    std::optional<std::string> name;
    Annotated<std::map<std::string, int>, model::extras> rest = model::empty;
};

TEST(Extras, of_queries_forms_cookies_and_headers_are_kept) {
    App app;
    app.get("/q", [](Query<Open> open) { return *open; });
    app.get("/h", [](Header<Open> open) { return open->rest.at("x-own"); });
    app.get("/c", [](Cookie<Open> open) { return *open; });
    app.post("/f", [](Form<Numbers> numbers) { return *numbers; });
    TestClient client(app);
    EXPECT_EQ(client.get("/q?limit=3&a=1&b=x&b=y&limit=4").text,
              R"({"limit":4,"a":"1","b":["x","y"]})");
    EXPECT_EQ(client.get("/q").text, R"({"limit":10})");
    EXPECT_EQ(client.get("/h", {.headers = {{"X-Own", "v"}}}).text, R"("v")");
    EXPECT_EQ(client.get("/c", {.cookies = {{"theme", "dark"}}}).text,
              R"({"limit":10,"theme":"dark"})");
    EXPECT_EQ(client.post("/f", {.data = {{"name", "n"}, {"a", "1"}, {"a", "2"}}}).text,
              R"({"name":"n","a":2})");
    EXPECT_EQ(
        client.post("/f", {.data = {{"a", ""}}}).text,
        R"({"detail":[{"type":"int_parsing","loc":["body","a"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":""}]})");
}

struct Untagged {
    int lives;
};
struct Wrong {
    Annotated<std::variant<Untagged, Card>, model::discriminator("kind")> pet;
};
struct Deeper {
    Annotated<std::map<std::string, std::vector<Wrong>>> wrong = model::empty;
};
struct NoPlace {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::allow};
    int a;
};
struct NoPattern {
    Annotated<std::optional<std::string>, model::pattern("(")> text = std::nullopt;
};

template <class Handler>
std::string mistake(Handler handler) {
    App app;
    app.post("/x", handler);
    try {
        app.prepare();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "none";
}

TEST(Mistakes, in_a_model_are_found_before_the_first_request) {
    EXPECT_EQ(mistake([](Deeper) {}),
              "route POST \"/x\": discriminator(\"kind\"): Untagged has no such member");
    EXPECT_TRUE(mistake([](Query<NoPlace>) {}).starts_with("route POST \"/x\": NoPlace: Extra"));
    EXPECT_TRUE(mistake([] { return NoPlace{}; }).starts_with("route POST \"/x\": NoPlace"));
    EXPECT_TRUE(mistake([](Body<NoPattern, "a">) {}).starts_with("route POST \"/x\": "));
    EXPECT_TRUE(mistake([](Query<std::string, "q", model::pattern("[")>) {
                }).starts_with("route POST \"/x\": "));
    EXPECT_EQ(mistake([](Payment payment) { return payment; }), "none");
}

TEST(Mistakes, in_what_an_exception_handler_answers_are_found_too) {
    App app;
    app.exception_handler<std::runtime_error>([](const http::Request&, const std::runtime_error&) {
        return Status<409, NoPlace>{NoPlace{}};
    });
    app.get("/x", [] { return 1; });
    EXPECT_THROW(app.prepare(), std::invalid_argument);
}

struct Shown {
    int id;
    std::optional<std::string> note;
    Annotated<int, model::alias("unitPrice")> price = 1;
};

TEST(ResponseModel, is_written_as_the_route_says) {
    App app;
    const auto shown = [] { return Shown{.id = 7}; };
    app.get("/plain", shown);
    app.get("/none", shown, {.response_model_exclude_none = true});
    app.get("/defaults", shown, {.response_model_exclude_defaults = true});
    app.get("/include", shown, {.response_model_include = {"id", "price"}});
    app.get("/exclude", shown, {.response_model_exclude = {"id"}});
    app.get("/names", shown, {.response_model_by_alias = false});
    app.get("/error", []() -> Shown { throw HTTPException(404, "gone"); },
            {.response_model_include = {"id"}});
    TestClient client(app);
    EXPECT_EQ(client.get("/plain").text, R"({"id":7,"note":null,"unitPrice":1})");
    EXPECT_EQ(client.get("/none").text, R"({"id":7,"unitPrice":1})");
    EXPECT_EQ(client.get("/defaults").text, R"({"id":7})");
    EXPECT_EQ(client.get("/include").text, R"({"id":7,"unitPrice":1})");
    EXPECT_EQ(client.get("/exclude").text, R"({"note":null,"unitPrice":1})");
    EXPECT_EQ(client.get("/names").text, R"({"id":7,"note":null,"price":1})");
    EXPECT_EQ(client.get("/error").text, R"({"detail":"gone"})");
}

}  // namespace
}  // namespace portico::app
