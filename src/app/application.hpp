#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "app/body.hpp"
#include "app/compiled.hpp"
#include "app/form_reader.hpp"
#include "app/pending.hpp"
#include "portico/core/outcome.hpp"
#include "portico/model/fault.hpp"

namespace portico::app {

struct AppImpl;
struct WebSocketState;

/// The innermost part of a request: credentials, body, parameters, dependencies, the handler, the
/// finishing of dependencies, the answer. Runs a route's plan.
///
/// Its values lie in one block of the exchange's arena and are destroyed, the last made first, by
/// the destructor: after the response was sent.
class Application {
public:
    /// `served`: the outermost application, whose routes are matched.
    Application(AppImpl& app, AppImpl& served, http::Exchange& exchange,
                const CompiledRoute* route);
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    /// Goes on until the response is filled, `error` is set, or `pending` must be waited for.
    [[nodiscard]] Progress advance(Pending& pending) noexcept;

    /// What is to be answered instead of a result.
    [[nodiscard]] const CaughtError& error() const noexcept { return error_; }

    /// The tasks to be run after the response; empty: none.
    [[nodiscard]] std::vector<BackgroundTasks::Work> take_background();

    /// Puts what handler and dependencies have set on their `Response&` on the response.
    void merge_response();

private:
    enum class Phase {
        begin,
        credentials,
        read_body,
        bind_body,
        rest,
        finish,
        answer,
        first_piece,
        done
    };
    struct Made {
        void (*destroy)(void* at) noexcept;
        void* at;
    };
    struct Finishing {
        const ResultTable* value;
        void* at;
    };

    [[nodiscard]] Progress run(Pending& pending);
    void begin();
    void fail(CaughtError error) noexcept;
    void answer_without_route();
    void check_content_type() const;
    [[nodiscard]] Progress run_steps(const std::vector<Step>& steps, Pending& pending);
    [[nodiscard]] Progress call(std::uint16_t node, Pending& pending);
    [[nodiscard]] Progress read_body(Pending& pending);
    [[nodiscard]] Progress read_files(Pending& pending);
    void bind_bodies();
    void bind(const Step& step);
    [[nodiscard]] Progress finish(Pending& pending);
    void finish_failed(CaughtError error) noexcept;
    void answer();
    /// The handler of a WebSocket has ended: refuses the handshake, or says how it has failed.
    void end_websocket();
    [[nodiscard]] Progress start_stream(Pending& pending);

    [[nodiscard]] bool fails(std::uint16_t node);
    void made(const PlanNode& node);
    void remember(void (*destroy)(void*) noexcept, void* at) {
        if (destroy != nullptr) made_[made_count_++] = {destroy, at};
    }
    void fail_validation();

    AppImpl& app_;
    AppImpl& served_;
    http::Exchange& exchange_;
    const CompiledRoute* route_;
    Phase phase_ = Phase::begin;
    bool waiting_ = false;
    std::size_t step_ = 0;
    std::byte* block_ = nullptr;
    Made* made_ = nullptr;
    std::size_t made_count_ = 0;
    Finishing* finishing_ = nullptr;
    std::size_t finishing_count_ = 0;
    bool* failed_ = nullptr;  // for each node: its parameters, or a dependency of it, have faults
    WebSocketState* websocket_ = nullptr;
    std::string_view body_;
    model::Faults faults_;
    model::Faults body_faults_;
    CaughtError error_;
    core::Outcome outcome_ = core::Outcome::success;
    std::optional<core::Task<std::expected<std::string_view, http::BodyError>>> reading_;
    std::optional<core::Task<void>> task_;  // a blocking handler, a form with files, or a finish
    std::unique_ptr<FormReader> form_;
    std::optional<core::Shield> shield_;
    StartedStream* started_ = nullptr;  // its first piece is waited for
};

}  // namespace portico::app
