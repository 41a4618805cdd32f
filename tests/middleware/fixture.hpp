#pragma once

#include <coroutine>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/core/reactor.hpp"
#include "portico/http/exchange.hpp"
#include "portico/http/middleware.hpp"

namespace portico::middleware::testing {

/// A loop that never turns: middleware asks it for the time alone.
class IdleReactor final : public core::Reactor {
public:
    void post(Callback) override {}
    void when_ready(int, Interest, Callback) override {}
    void forget(int) noexcept override {}
    TimerId start_timer(TimePoint, Callback) override { return 1; }
    void cancel_timer(TimerId) noexcept override {}
    [[nodiscard]] TimePoint now() const noexcept override { return at; }

    TimePoint at{std::chrono::hours(1)};
};

struct Asked {
    std::string method = "GET";
    std::string target = "/";
    std::string host = "api.example";
    bool https = false;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// One request as a connection would hold it, and what a layer does with it.
class TestExchange final : public http::Exchange {
public:
    explicit TestExchange(const Asked& asked = {}) : TestExchange(asked, default_reactor()) {}
    TestExchange(const Asked& asked, core::Reactor& reactor) : http::Exchange(reactor) {
        method_ = asked.method;
        target_ = asked.target;
        host_ = asked.host;
        request.set_method(http::parse_method(method_), method_);
        if (!request.set_target(target_)) throw std::invalid_argument("bad target");
        request.set_host(host_);
        request.set_https(asked.https);
        request.set_id("id-1");
        for (const auto& [name, value] : asked.headers) {
            const auto at = text_.size();
            text_ += name + value;
            request.mutable_headers().append_range(at, name.size(), at + name.size(), value.size());
        }
        request.mutable_headers().set_text(text_.c_str());
    }

    void send() noexcept override {}

    /// "proceed", "answer", "wait", or "refuse 400 Invalid host header".
    std::string ask(http::Middleware& layer) {
        const auto decision = layer.on_request(*this);
        if (refusal) {
            return "refuse " + std::to_string(refusal->status) + " " + std::string(refusal->detail);
        }
        switch (decision.kind()) {
            case http::Decision::Kind::proceed:
                return "proceed";
            case http::Decision::Kind::answer:
                return "answer";
            case http::Decision::Kind::wait:
                return "wait";
        }
        return "";
    }

    std::string header(std::string_view name) const {
        return std::string(response.headers.value_or_empty(name));
    }

private:
    static core::Reactor& default_reactor() {
        static IdleReactor reactor;
        return reactor;
    }

    std::string method_;
    std::string target_;
    std::string host_;
    std::string text_;
};

/// The result of a task that never suspends.
template <class T>
T run(core::Task<T> task) {
    task.handle().resume();
    return task.result();
}

}  // namespace portico::middleware::testing
