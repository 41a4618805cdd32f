#pragma once

#include <cstddef>
#include <exception>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/app/app.hpp"
#include "portico/http/headers.hpp"
#include "portico/http/ip_address.hpp"
#include "portico/http/method.hpp"
#include "portico/model/json.hpp"
#include "portico/model/write.hpp"
#include "portico/testing/fake_clock.hpp"
#include "portico/testing/test_reactor.hpp"
#include "portico/testing/test_websocket.hpp"

namespace portico::testing {

/// What a client has received.
struct TestResponse {
    int status_code = 0;
    http::Headers headers;
    std::string text;  ///< The body; of a stream all its pieces.

    /// The body as JSON. Throws `std::runtime_error` with the body when it is none.
    [[nodiscard]] model::Json json() const;
    /// The first field of that name, or an empty text.
    [[nodiscard]] std::string_view header(std::string_view name) const {
        return headers.value_or_empty(name);
    }
};

/// A JSON body: made from a model, or from a JSON text.
class JsonBody {
public:
    JsonBody() = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    JsonBody(const char* text) : text_(text) {}
    // NOLINTNEXTLINE(google-explicit-constructor)
    JsonBody(std::string text) : text_(std::move(text)) {}
    template <class Model>
        requires(std::is_class_v<Model> && !std::is_convertible_v<Model, std::string>)
    // NOLINTNEXTLINE(google-explicit-constructor)
    JsonBody(const Model& model) : text_(model::to_json(model)) {}

    [[nodiscard]] const std::optional<std::string>& text() const noexcept { return text_; }

private:
    std::optional<std::string> text_;
};

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// What a request has besides its method and URL. Written in this order.
struct RequestOptions {
    Pairs params = {};  ///< Appended to the URL's query, encoded.
    Pairs headers = {};
    Pairs cookies = {};                       ///< For this request; the client's jar is sent too.
    JsonBody json = {};                       ///< With `Content-Type: application/json`.
    Pairs data = {};                          ///< A form, urlencoded.
    std::optional<std::string> content = {};  ///< Any body; set the `Content-Type` yourself.
    std::optional<bool> follow_redirects = {};
};

struct TestClientOptions {
    /// What the application reads the time from; must outlive the client. Null: the machine's.
    FakeClock* clock = nullptr;
    /// An exception that became a 500 is thrown in the test; false: the response is given.
    bool raise_server_exceptions = true;
    bool follow_redirects = true;
    std::string host = "testserver";
    std::string client = "127.0.0.1";  ///< The address that the requests come from.
    bool https = false;
    /// Bodies longer than this are not there at once, but come piece by piece, as from a slow
    /// client: what suspends in the real server suspends here.
    std::size_t body_chunk = SIZE_MAX;
    Pairs headers = {};  ///< Of every request.
};

/// A client of an application in the same process: the whole pipeline, no socket.
///
/// Starts the application (its lifespan) and stops it in the destructor. Overrides, routes and
/// states may be changed between requests. Cookies that responses set are kept and sent again.
/// Everything runs on the thread that calls.
///
///     TestClient client(app);
///     auto response = client.post("/items", {.json = ItemCreate{"pen", 2}});
///     EXPECT_EQ(response.status_code, 201);
class TestClient {
public:
    /// Throws what a startup hook throws, and `std::invalid_argument` for a mistake in the routes.
    explicit TestClient(app::App& app, TestClientOptions options = {});
    ~TestClient();
    TestClient(const TestClient&) = delete;
    TestClient& operator=(const TestClient&) = delete;

    TestResponse get(std::string_view url, RequestOptions options = {});
    TestResponse head(std::string_view url, RequestOptions options = {});
    TestResponse post(std::string_view url, RequestOptions options = {});
    TestResponse put(std::string_view url, RequestOptions options = {});
    TestResponse patch(std::string_view url, RequestOptions options = {});
    TestResponse delete_(std::string_view url, RequestOptions options = {});
    TestResponse options(std::string_view url, RequestOptions options = {});
    TestResponse request(std::string_view method, std::string_view url,
                         RequestOptions options = {});

    /// A request that has been started and not been waited for: for what happens between requests.
    class Started {
    public:
        Started(Started&&) noexcept;
        Started& operator=(Started&&) noexcept;
        ~Started();

        /// The response is complete.
        [[nodiscard]] bool done() const noexcept;
        /// What has come so far: of a stream that has no end, as far as `run_ready` takes it.
        [[nodiscard]] const TestResponse& received() const noexcept;
        /// Runs the loop until it is, and gives it. Redirects are not followed.
        TestResponse wait();
        /// The client goes away, as with a reset connection.
        void disconnect();

    private:
        friend class TestClient;
        struct State;
        explicit Started(std::unique_ptr<State> state) noexcept;
        std::unique_ptr<State> state_;
    };
    [[nodiscard]] Started start(std::string_view method, std::string_view url,
                                RequestOptions options = {});

    /// Opens a WebSocket: waits until it is accepted or refused. Subprotocols are a header:
    /// `.headers = {{"Sec-WebSocket-Protocol", "chat"}}`.
    TestWebSocket websocket(std::string_view url, RequestOptions options = {});

    /// A request that the parser refuses, as the application formats it.
    TestResponse refuse(int status, std::string_view detail = {});

    /// Runs what is ready on the loop: posted work, timers that are due by the clock.
    void run_ready();
    [[nodiscard]] TestReactor& reactor() noexcept;

    /// Cookies to be sent with every request, by name; responses change them.
    [[nodiscard]] std::map<std::string, std::string, std::less<>>& cookies() noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace portico::testing
