#include "portico/testing/test_client.hpp"

#include <algorithm>
#include <stdexcept>

#include "portico/http/date.hpp"
#include "portico/http/url.hpp"
#include "portico/model/read.hpp"
#include "testing/test_exchange.hpp"
#include "testing/test_websocket.hpp"

namespace portico::testing {
namespace {

constexpr int kMostRedirects = 20;

void append_field(std::string& head, http::HeaderView& view, std::string_view name,
                  std::string_view value) {
    const auto name_at = head.size();
    head += name;
    const auto value_at = head.size();
    head += value;
    view.append_range(name_at, name.size(), value_at, value.size());
}

std::string urlencoded(const Pairs& pairs) {
    std::string text;
    for (const auto& [name, value] : pairs) {
        if (!text.empty()) text += '&';
        text += http::percent_encode(name) + '=' + http::percent_encode(value);
    }
    return text;
}

bool is_redirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

struct TestClient::Started::State {
    TestReactor& reactor;
    TestClient::Impl& client;
    std::unique_ptr<TestExchange> exchange;
};

class TestClient::Impl {
public:
    Impl(app::App& application, TestClientOptions its_options)
        : app(application), options(std::move(its_options)), reactor(options.clock) {
        previous_on_error = app.options().on_error;
        app.options().on_error = [this](const http::Request* request, std::exception_ptr error) {
            if (request != nullptr && !raised) raised = error;
            if (previous_on_error) previous_on_error(request, std::move(error));
        };
        app.allow_changes(true);
        try {
            app.loop_started(reactor);
            reactor.run(app.startup());
        } catch (...) {
            app.loop_stopped(reactor);
            restore();
            throw;
        }
    }

    ~Impl() {
        try {
            reactor.run(app.shutdown());
        } catch (...) {
            if (previous_on_error) previous_on_error(nullptr, std::current_exception());
        }
        app.loop_stopped(reactor);
        restore();
    }

    std::unique_ptr<TestExchange> start(std::string_view method, std::string_view url,
                                        RequestOptions& request);
    TestResponse finish(TestExchange& exchange);
    TestResponse take_raised(TestResponse response);

    app::App& app;
    TestClientOptions options;
    TestReactor reactor;
    std::map<std::string, std::string, std::less<>> cookies;
    std::exception_ptr raised;
    int in_flight = 0;

private:
    void restore() {
        app.options().on_error = std::move(previous_on_error);
        app.allow_changes(false);
    }
    void keep_cookies(const http::Headers& headers);
    void fill_head(TestExchange& exchange, const RequestOptions& request);

    std::function<void(const http::Request*, std::exception_ptr)> previous_on_error;
    std::uint64_t next_id_ = 1;
};

void TestClient::Impl::fill_head(TestExchange& exchange, const RequestOptions& request) {
    auto& view = exchange.request.mutable_headers();
    auto& head = exchange.head;
    const auto given = [&](std::string_view name) {
        return std::ranges::any_of(request.headers, [&](const auto& header) {
            return http::equal_names(header.first, name);
        });
    };
    if (!given("Host")) append_field(head, view, "Host", options.host);
    for (const auto& [name, value] : options.headers) {
        if (!given(name)) append_field(head, view, name, value);
    }
    for (const auto& [name, value] : request.headers) append_field(head, view, name, value);
    auto jar = cookies;
    for (const auto& [name, value] : request.cookies) jar[name] = value;
    std::string cookie;
    for (const auto& [name, value] : jar) {
        if (!cookie.empty()) cookie += "; ";
        cookie += name + '=' + value;
    }
    if (!cookie.empty()) append_field(head, view, "Cookie", cookie);
    std::optional<std::string> body = request.content;
    std::string_view type;
    if (request.json.text()) {
        body = request.json.text();
        type = "application/json";
    } else if (!request.data.empty()) {
        body = urlencoded(request.data);
        type = "application/x-www-form-urlencoded";
    }
    if (!type.empty() && !given("Content-Type")) append_field(head, view, "Content-Type", type);
    if (body) {
        if (!given("Content-Length")) {
            append_field(head, view, "Content-Length", std::to_string(body->size()));
        }
        exchange.body.emplace(std::move(*body), options.body_chunk);
        exchange.request.set_body_source(&*exchange.body);
    }
    view.set_text(head.data());
}

std::unique_ptr<TestExchange> TestClient::Impl::start(std::string_view method, std::string_view url,
                                                      RequestOptions& given) {
    if (in_flight == 0) app.prepare();
    auto exchange = std::make_unique<TestExchange>(reactor);
    auto& request = exchange->request;
    exchange->method_name = method;
    exchange->target = url;
    if (!given.params.empty()) {
        exchange->target += url.find('?') == url.npos ? '?' : '&';
        exchange->target += urlencoded(given.params);
    }
    exchange->id = "test-" + std::to_string(next_id_++);
    request.set_method(http::parse_method(exchange->method_name), exchange->method_name);
    if (options.clock != nullptr) request.set_clock(*options.clock);
    fill_head(*exchange, given);
    request.set_host(request.header("Host"));
    request.set_asks_upgrade(http::equal_names(request.header("Connection"), "Upgrade"));
    request.set_id(exchange->id);
    request.set_https(options.https);
    const auto address = http::IpAddress::parse(options.client);
    if (!address) throw std::invalid_argument("TestClientOptions::client is no IP address");
    request.set_peer(*address, 50000);
    exchange->context.set_request_id(exchange->id);
    raised = nullptr;
    ++in_flight;
    if (!request.set_target(exchange->target)) {
        app.refuse(*exchange, {.status = 400, .detail = {}});
        exchange->send();
        return exchange;
    }
    app.match(*exchange);
    // As the server does: a body that says it is too long is refused before it is read.
    const auto* route = request.route();
    if (exchange->body && route != nullptr && *exchange->body->length() > route->max_body) {
        app.refuse(*exchange, {.status = 413, .detail = {}});
        exchange->send();
        return exchange;
    }
    app.handle(*exchange);
    return exchange;
}

void TestClient::Impl::keep_cookies(const http::Headers& headers) {
    for (const auto field : headers) {
        if (!http::equal_names(field.name, "Set-Cookie")) continue;
        const auto pair = field.value.substr(0, field.value.find(';'));
        const auto equals = pair.find('=');
        if (equals == pair.npos) continue;
        const std::string name(pair.substr(0, equals));
        if (field.value.find("Max-Age=0") != field.value.npos) {
            cookies.erase(name);
        } else {
            cookies[name] = pair.substr(equals + 1);
        }
    }
}

TestResponse TestClient::Impl::finish(TestExchange& exchange) {
    reactor.run_until([&] { return exchange.done; });
    --in_flight;
    keep_cookies(exchange.received.headers);
    if (exchange.stream_error && !exchange.disconnected) {
        app.stream_failed(exchange, exchange.stream_error);
    }
    if (raised && options.raise_server_exceptions) {
        std::rethrow_exception(std::exchange(raised, nullptr));
    }
    return std::move(exchange.received);
}

model::Json TestResponse::json() const {
    auto parsed = model::read_json<model::Json>(text);
    if (!parsed) throw std::runtime_error("the response is no JSON: " + text);
    return *std::move(parsed);
}

TestClient::TestClient(app::App& app, TestClientOptions options)
    : impl_(std::make_unique<Impl>(app, std::move(options))) {}
TestClient::~TestClient() = default;

TestResponse TestClient::request(std::string_view method, std::string_view url,
                                 RequestOptions options) {
    std::string verb(method);
    std::string target(url);
    for (int redirects = 0;; ++redirects) {
        const auto exchange = impl_->start(verb, target, options);
        TestResponse response = impl_->finish(*exchange);
        impl_->reactor.run_ready();  // background tasks
        const bool follow = options.follow_redirects.value_or(impl_->options.follow_redirects);
        if (!follow || !is_redirect(response.status_code)) return response;
        if (redirects == kMostRedirects) throw std::runtime_error("too many redirects");
        target = response.header("Location");
        if (const auto absolute = http::Url::parse(target)) {
            target = absolute->path;
            if (!absolute->query.empty()) target += '?' + absolute->query;
        }
        options.params.clear();
        if (response.status_code != 307 && response.status_code != 308 && verb != "HEAD") {
            verb = "GET";
            options.json = {};
            options.data.clear();
            options.content.reset();
        }
    }
}

TestResponse TestClient::get(std::string_view url, RequestOptions options) {
    return request("GET", url, std::move(options));
}
TestResponse TestClient::head(std::string_view url, RequestOptions options) {
    return request("HEAD", url, std::move(options));
}
TestResponse TestClient::post(std::string_view url, RequestOptions options) {
    return request("POST", url, std::move(options));
}
TestResponse TestClient::put(std::string_view url, RequestOptions options) {
    return request("PUT", url, std::move(options));
}
TestResponse TestClient::patch(std::string_view url, RequestOptions options) {
    return request("PATCH", url, std::move(options));
}
TestResponse TestClient::delete_(std::string_view url, RequestOptions options) {
    return request("DELETE", url, std::move(options));
}
TestResponse TestClient::options(std::string_view url, RequestOptions options) {
    return request("OPTIONS", url, std::move(options));
}

TestClient::Started TestClient::start(std::string_view method, std::string_view url,
                                      RequestOptions options) {
    return Started(std::make_unique<Started::State>(impl_->reactor, *impl_,
                                                    impl_->start(method, url, options)));
}

TestWebSocket TestClient::websocket(std::string_view url, RequestOptions options) {
    for (const auto& [name, value] :
         {std::pair{"Connection", "Upgrade"}, std::pair{"Upgrade", "websocket"},
          std::pair{"Sec-WebSocket-Version", "13"},
          std::pair{"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}}) {
        const bool given = std::ranges::any_of(options.headers, [&](const auto& header) {
            return http::equal_names(header.first, name);
        });
        if (!given) options.headers.emplace_back(name, value);
    }
    auto exchange = impl_->start("GET", url, options);
    impl_->reactor.run_until([&] { return exchange->channel || exchange->done; });
    auto state = std::make_unique<TestWebSocket::State>(impl_->reactor, std::move(exchange));
    if (state->exchange->channel) {
        state->response = state->exchange->received;
        state->finish = [impl = impl_.get()](TestExchange& ended) { return impl->finish(ended); };
    } else {
        state->response = impl_->finish(*state->exchange);
    }
    return TestWebSocket(std::move(state));
}

TestResponse TestClient::refuse(int status, std::string_view detail) {
    impl_->app.prepare();
    TestExchange exchange(impl_->reactor);
    exchange.id = "refused";
    exchange.request.set_id(exchange.id);
    exchange.request.set_peer(*http::IpAddress::parse(impl_->options.client), 50000);
    impl_->app.refuse(exchange, {.status = status, .detail = detail});
    exchange.send();
    return std::move(exchange.received);
}

void TestClient::run_ready() {
    impl_->reactor.run_ready();
}
TestReactor& TestClient::reactor() noexcept {
    return impl_->reactor;
}
std::map<std::string, std::string, std::less<>>& TestClient::cookies() noexcept {
    return impl_->cookies;
}

TestClient::Started::Started(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
TestClient::Started::Started(Started&&) noexcept = default;
TestClient::Started& TestClient::Started::operator=(Started&&) noexcept = default;

TestClient::Started::~Started() {
    if (!state_ || !state_->exchange) return;
    try {
        disconnect();
        (void)wait();
    } catch (...) {  // it is nobody's any more
    }
}

bool TestClient::Started::done() const noexcept {
    return state_->exchange->done;
}

const TestResponse& TestClient::Started::received() const noexcept {
    return state_->exchange->received;
}

TestResponse TestClient::Started::wait() {
    const auto exchange = std::move(state_->exchange);
    return state_->client.finish(*exchange);
}

void TestClient::Started::disconnect() {
    state_->exchange->disconnect();
}

}  // namespace portico::testing
