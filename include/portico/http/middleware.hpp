#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "portico/core/task.hpp"
#include "portico/http/exchange.hpp"

namespace portico::http {

/// What a middleware decides about a request.
class [[nodiscard]] Decision {
public:
    enum class Kind { proceed, answer, wait };

    /// On to the next layer.
    [[nodiscard]] static Decision proceed() noexcept { return Decision{Kind::proceed}; }
    /// `exchange.response` is the answer; the layers further in are not run.
    [[nodiscard]] static Decision answer() noexcept { return Decision{Kind::answer}; }
    /// Decided when the task ends: a remote store is asked. The task must not decide `wait`.
    [[nodiscard]] static Decision wait(core::Task<Decision> task);
    /// Answers with a status in the application's error format. `detail` has static lifetime.
    [[nodiscard]] static Decision refuse(Exchange& exchange, int status,
                                         std::string_view detail = {});

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] core::Task<Decision>& task() noexcept { return *task_; }

private:
    explicit Decision(Kind kind) noexcept : kind_(kind) {}
    Kind kind_;
    std::unique_ptr<core::Task<Decision>> task_;
};

/// A layer around the application. The first added is the outermost.
///
/// `on_request` runs outermost first, until one answers. `on_response` runs innermost first for
/// **every** response, whichever layer made it, the parser's refusals included: what belongs on
/// every response is put on there. Both run on the request's loop; one object serves all loops, so
/// it must be thread-safe. A middleware that needs the response in its hands as a value is
/// written as a function `Task<Response>(Request&, CallNext)` instead.
class Middleware {
public:
    virtual ~Middleware() = default;
    virtual Decision on_request(Exchange&) { return Decision::proceed(); }
    virtual void on_response(Exchange&) {}
};

}  // namespace portico::http
