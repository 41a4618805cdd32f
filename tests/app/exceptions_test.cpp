#include "portico/app/exceptions.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <utility>

#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using namespace std::chrono_literals;
using core::Generator;
using core::Task;
using http::Response;
using testing::TestClient;

struct Problem {
    std::string what;
};
struct OutOfStock : std::runtime_error {
    using std::runtime_error::runtime_error;
};
struct OutOfPens : OutOfStock {
    using OutOfStock::OutOfStock;
};

TEST(Exceptions, an_http_exception_is_its_status_detail_and_headers) {
    App app;
    app.get("/x", []() -> int {
        throw HTTPException(401, "Not authenticated", {{"WWW-Authenticate", "Bearer"}});
    });
    app.get("/json",
            []() -> int { throw HTTPException(400, model::Json::object({{"why", "because"}})); });
    app.get("/phrase", []() -> int { throw HTTPException(409); });
    TestClient client(app);
    const auto response = client.get("/x");
    EXPECT_EQ(response.status_code, 401);
    EXPECT_EQ(response.text, R"({"detail":"Not authenticated"})");
    EXPECT_EQ(response.header("WWW-Authenticate"), "Bearer");
    EXPECT_EQ(client.get("/json").text, R"({"detail":{"why":"because"}})");
    EXPECT_EQ(client.get("/phrase").text, R"({"detail":"Conflict"})");
}

TEST(Exceptions, the_family_of_an_application_has_statuses_phrases_and_codes) {
    const NotFoundError missing("User", 99);
    EXPECT_EQ(missing.status(), 404);
    EXPECT_EQ(missing.error(), "User not found");
    EXPECT_EQ(missing.detail(), "User with id 99 does not exist");
    EXPECT_EQ(missing.code(), "NOT_FOUND");
    EXPECT_EQ(ValidationError("x").status(), 422);
    EXPECT_EQ(ValidationError("x").code(), "VALIDATION_ERROR");
    EXPECT_EQ(AuthenticationError().detail(), "Authentication failed");
    EXPECT_EQ(AuthenticationError().code(), "AUTH_ERROR");
    EXPECT_EQ(AuthorizationError().detail(), "Permission denied");
    EXPECT_EQ(AuthorizationError().status(), 403);
}

TEST(Exceptions, the_family_is_answered_in_the_format_of_the_application) {
    App app;
    app.get("/x", []() -> int { throw NotFoundError("User", 99); });
    {
        TestClient client(app);
        EXPECT_EQ(client.get("/x").text,
                  R"({"detail":"User with id 99 does not exist","code":"NOT_FOUND"})");
    }
    app.options().error_format = ErrorFormat::problem_json;
    TestClient client(app);
    const auto response = client.get("/x");
    EXPECT_EQ(response.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(
        response.text,
        R"({"type":"about:blank","title":"User not found","status":404,"detail":"User with id 99 does not exist","code":"NOT_FOUND"})");
}

TEST(Exceptions, problem_details_keep_an_error_without_a_detail) {
    App app{{.error_format = ErrorFormat::problem_json}};
    app.get("/x", []() -> int { throw AppException(409, "Out of stock"); });
    TestClient client(app);
    EXPECT_EQ(client.get("/x").text,
              R"({"type":"about:blank","title":"Out of stock","status":409})");
}

TEST(Exceptions, problem_details_have_the_faults_of_a_request) {
    App app{{.error_format = ErrorFormat::problem_json}};
    app.get("/x", [](Query<int, "n"> n) { return *n; });
    TestClient client(app);
    EXPECT_EQ(
        client.get("/x").text,
        R"({"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"The request does not validate",)"
        R"("errors":[{"type":"missing","loc":["query","n"],"msg":"Field required","input":null}]})");
    EXPECT_EQ(client.get("/none").text,
              R"({"type":"about:blank","title":"Not Found","status":404})");
}

TEST(Exceptions, an_unforeseen_one_is_500_and_its_cause_goes_to_the_hook_alone) {
    App app;
    std::string told;
    app.options().on_error = [&](const http::Request* request, std::exception_ptr error) {
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& cause) {
            told = std::string(request->path()) + ": " + cause.what();
        }
    };
    app.get("/x", []() -> int { throw std::runtime_error("the secret cause"); });
    app.get("/odd", []() -> int { throw 7; });
    TestClient client(app, {.raise_server_exceptions = false});
    const auto response = client.get("/x");
    EXPECT_EQ(response.status_code, 500);
    EXPECT_EQ(response.text, R"({"detail":"Internal Server Error"})");
    EXPECT_EQ(told, "/x: the secret cause");
    app.options().on_error = nullptr;
    EXPECT_EQ(client.get("/odd").status_code, 500);
}

TEST(Exceptions, the_cause_of_a_stream_that_ends_too_early_goes_to_the_hook) {
    App app;
    std::string told;
    app.options().on_error = [&](const http::Request* request, std::exception_ptr) {
        told = request->path();
    };
    app.get("/x", [] {
        return stream([begun = false]() mutable -> Task<std::optional<std::string>> {
            if (!std::exchange(begun, true)) co_return "a";
            throw std::runtime_error("the source is gone");
            co_return std::nullopt;
        });
    });
    TestClient client(app, {.raise_server_exceptions = false});
    EXPECT_EQ(client.get("/x").text, "a");
    EXPECT_EQ(told, "/x");
}

TEST(Exceptions, of_a_stream_before_its_first_piece_are_answered_as_any_other) {
    App app;
    int told = 0;
    app.options().on_error = [&](const http::Request*, std::exception_ptr) { ++told; };
    app.exception_handler<OutOfPens>(
        [](const http::Request&, const OutOfPens&) { return Status<409, std::string>{"no pens"}; });
    app.get("/function", [] {
        return stream([]() -> Task<std::optional<std::string>> {
            co_await core::sleep_for(1ms);
            throw OutOfPens("x");
        });
    });
    app.get("/pieces", [] {
        return stream([]() -> Generator<std::string> {
            throw HTTPException(404, "no such file");
            co_return;
        }());
    });
    app.get("/lines", [](Response& response) -> Generator<int> {
        response.headers.set("X-Own", "1");
        co_await core::sleep_for(1ms);
        throw std::runtime_error("the table is gone");
        co_return;
    });
    app.get("/empty", []() -> Generator<int> { co_return; });
    TestClient client(app, {.raise_server_exceptions = false});
    const auto function = client.get("/function");
    EXPECT_EQ(function.status_code, 409);
    EXPECT_EQ(function.text, R"("no pens")");
    EXPECT_EQ(function.header("Content-Type"), "application/json");
    EXPECT_EQ(client.get("/pieces").text, R"({"detail":"no such file"})");
    EXPECT_EQ(client.get("/pieces").status_code, 404);
    const auto lines = client.get("/lines");
    EXPECT_EQ(lines.status_code, 500);
    EXPECT_EQ(lines.text, R"({"detail":"Internal Server Error"})");
    EXPECT_EQ(told, 2);  // the two that are no HTTPException
    EXPECT_EQ(client.get("/empty").status_code, 200);
    EXPECT_EQ(client.head("/lines").status_code, 200);  // nobody asks for a piece
}

TEST(Exceptions, a_stream_that_nobody_sends_is_not_run_on) {
    App app;
    int made = 0;
    app.get("/lines", [&made]() -> Generator<int> {
        for (;;) {
            co_yield ++made;
            co_await core::sleep_for(1ms);
        }
    });
    app.middleware([](http::Request& request, CallNext call_next) -> Task<http::Response> {
        (void)co_await call_next(request);
        co_return http::Response(204);
    });
    TestClient client(app);
    EXPECT_EQ(client.get("/lines").status_code, 204);
    EXPECT_EQ(made, 1);
}

TEST(Exceptions, the_handler_of_the_most_derived_type_answers) {
    App app;
    app.exception_handler<std::runtime_error>([](const http::Request&, const std::runtime_error&) {
        return Status<500, Problem>(Problem{"runtime"});
    });
    app.exception_handler<OutOfPens>([](const http::Request&, const OutOfPens& error) {
        return Status<409, Problem>(Problem{error.what()});
    });
    app.exception_handler<OutOfStock>(
        [](const http::Request&, const OutOfStock&) -> Task<Status<410, Problem>> {
            co_await core::sleep_for(std::chrono::milliseconds(1));
            co_return Problem{"stock"};
        });
    app.get("/pens", []() -> int { throw OutOfPens("pens"); });
    app.get("/stock", []() -> int { throw OutOfStock("stock"); });
    app.get("/runtime", []() -> int { throw std::overflow_error("x"); });
    TestClient client(app, {.raise_server_exceptions = false});
    EXPECT_EQ(client.get("/pens").text, R"({"what":"pens"})");
    EXPECT_EQ(client.get("/pens").status_code, 409);
    EXPECT_EQ(client.get("/stock").status_code, 410);
    EXPECT_EQ(client.get("/runtime").text, R"({"what":"runtime"})");
}

TEST(Exceptions, a_plain_value_is_answered_with_the_exceptions_status_and_headers) {
    App app;
    app.exception_handler<HTTPException>(
        [](const http::Request&, const HTTPException& error) { return Problem{error.detail()}; });
    app.exception_handler<AppException>(
        [](const http::Request&, const AppException& error) { return Problem{error.code()}; });
    app.get("/x",
            []() -> int { throw HTTPException(401, "who?", {{"WWW-Authenticate", "Bearer"}}); });
    app.get("/y", []() -> int { throw AuthorizationError(); });
    TestClient client(app);
    const auto response = client.get("/x");
    EXPECT_EQ(response.status_code, 401);
    EXPECT_EQ(response.text, R"({"what":"who?"})");
    EXPECT_EQ(response.header("WWW-Authenticate"), "Bearer");
    EXPECT_EQ(client.get("/y").status_code, 403);
    EXPECT_EQ(client.get("/y").text, R"({"what":"FORBIDDEN"})");
}

TEST(Exceptions, the_frameworks_refusals_take_the_same_way) {
    App app;
    app.exception_handler<HTTPException>(
        [](const http::Request&, const HTTPException& error) { return Problem{error.detail()}; });
    app.exception_handler<RequestValidationError>(
        [](const http::Request&, const RequestValidationError& error) {
            return Problem{error.faults().to_text()};
        });
    app.get("/x", [](Query<int, "n"> n) { return *n; });
    TestClient client(app);
    EXPECT_EQ(client.get("/none").text, R"({"what":"Not Found"})");
    EXPECT_EQ(client.post("/x").text, R"({"what":"Method Not Allowed"})");
    EXPECT_EQ(client.post("/x").header("Allow"), "GET, HEAD");
    EXPECT_EQ(client.get("/x").status_code, 422);
    EXPECT_EQ(client.get("/x").text, R"({"what":"query.n: Field required"})");
    const auto refused = client.refuse(431);
    EXPECT_EQ(refused.status_code, 431);
    EXPECT_EQ(refused.text, R"({"what":"Request Header Fields Too Large"})");
}

TEST(Exceptions, a_handler_for_everything_answers_only_what_is_unforeseen) {
    App app;
    app.exception_handler<std::exception>(
        [](const http::Request&, const std::exception&) { return Problem{"sorry"}; });
    app.get("/x", []() -> int { throw std::runtime_error("cause"); });
    app.get("/known", []() -> int { throw HTTPException(404, "known"); });
    TestClient client(app, {.raise_server_exceptions = false});
    EXPECT_EQ(client.get("/x").status_code, 500);
    EXPECT_EQ(client.get("/x").text, R"({"what":"sorry"})");
    EXPECT_EQ(client.get("/known").text, R"({"detail":"known"})");
}

TEST(Exceptions, a_handler_that_throws_itself_is_500) {
    App app;
    app.exception_handler<OutOfStock>([](const http::Request&, const OutOfStock&) -> Problem {
        throw std::logic_error("again");
    });
    app.get("/x", []() -> int { throw OutOfStock("x"); });
    TestClient client(app, {.raise_server_exceptions = false});
    EXPECT_EQ(client.get("/x").text, R"({"detail":"Internal Server Error"})");
}

TEST(Exceptions, a_routers_handlers_come_before_the_applications) {
    App app;
    app.exception_handler<OutOfPens>([](const http::Request&, const OutOfPens&) {
        return Status<500, Problem>(Problem{"app"});
    });
    Router router{{.prefix = "/r"}};
    router.exception_handler<OutOfStock>([](const http::Request&, const OutOfStock&) {
        return Status<409, Problem>(Problem{"router"});
    });
    const auto fail = []() -> int { throw OutOfPens("x"); };
    router.get("/x", fail);
    app.include(router);
    app.get("/x", fail);
    TestClient client(app, {.raise_server_exceptions = false});
    EXPECT_EQ(client.get("/r/x").text, R"({"what":"router"})");
    EXPECT_EQ(client.get("/x").text, R"({"what":"app"})");
}

TEST(Exceptions, a_full_queue_and_a_passed_deadline_are_503) {
    App app;
    app.get("/full", []() -> int { throw core::Overloaded("blocking"); });
    app.get("/late", []() -> int { throw core::DeadlineExceeded(); });
    TestClient client(app);
    const auto full = client.get("/full");
    EXPECT_EQ(full.status_code, 503);
    EXPECT_EQ(full.header("Retry-After"), "1");
    EXPECT_EQ(client.get("/late").status_code, 503);
}

TEST(Exceptions, a_client_that_went_away_is_no_error) {
    App app;
    bool told = false;
    app.options().on_error = [&](const http::Request*, std::exception_ptr) { told = true; };
    bool finished = false;
    app.get("/x", [&]() -> Task<int> {
        co_await core::sleep_for(std::chrono::hours(1));
        finished = true;
        co_return 1;
    });
    testing::FakeClock clock;
    TestClient client(app, {.clock = &clock});
    auto request = client.start("GET", "/x");
    EXPECT_FALSE(request.done());
    request.disconnect();
    clock.advance(std::chrono::hours(2));
    (void)request.wait();
    EXPECT_FALSE(finished);
    EXPECT_FALSE(told);
}

}  // namespace
}  // namespace portico::app
