#include "app/application.hpp"

#include <algorithm>

#include "app/app_impl.hpp"
#include "app/section.hpp"
#include "app/started_stream.hpp"
#include "app/websocket_state.hpp"
#include "portico/app/answer.hpp"
#include "portico/http/media_type.hpp"
#include "portico/model/reading_clock.hpp"

namespace portico::app {
namespace {

core::Task<void> run_blocking(core::Executor& executor, const FunctionTable& function, void* object,
                              const Frame& frame, void* result) {
    co_await executor.run([&] { function.call(object, frame, result); });
}

/// A GET of a path that has no GET route, but one for WebSockets.
bool is_left_to_websockets(const RouteTree::Found& found, http::Method method) {
    return (found.slots & 1U << RouteTree::kWebSocket) != 0 &&
           (method == http::Method::get || method == http::Method::head);
}

template <class T>
T* array_of(core::Arena& arena, std::size_t count) {
    return static_cast<T*>(arena.allocate(count * sizeof(T), alignof(T)));
}

}  // namespace

Application::Application(AppImpl& app, AppImpl& served, http::Exchange& exchange,
                         const CompiledRoute* route)
    : app_(app), served_(served), exchange_(exchange), route_(route) {}

Application::~Application() {
    while (made_count_ > 0) {
        const Made& last = made_[--made_count_];
        last.destroy(last.at);
    }
}

Progress Application::advance(Pending& pending) noexcept {
    for (;;) {
        try {
            return run(pending);
        } catch (const std::exception& exception) {
            fail(CaughtError::current(&exception));
        } catch (...) {
            fail(CaughtError::current());
        }
    }
}

/// Dependencies are finished as failed, unless that is behind already.
void Application::fail(CaughtError error) noexcept {
    waiting_ = false;
    shield_.reset();
    error_ = std::move(error);
    outcome_ = core::Outcome::failure;
    phase_ = phase_ < Phase::answer ? Phase::finish : Phase::done;
}

Progress Application::run(Pending& pending) {
    for (;;) {
        switch (phase_) {
            case Phase::begin:
                if (route_ == nullptr) {
                    answer_without_route();
                    phase_ = Phase::done;
                    break;
                }
                begin();
                phase_ = Phase::credentials;
                break;
            case Phase::credentials:
                if (run_steps(route_->plan.credentials, pending) == Progress::waiting) {
                    return Progress::waiting;
                }
                // Nobody's body is read before it is known who sends it.
                phase_ = Phase::read_body;
                if (!faults_.empty()) fail_validation();
                break;
            case Phase::read_body:
                if (!route_->plan.body.empty() && read_body(pending) == Progress::waiting) {
                    return Progress::waiting;
                }
                phase_ = Phase::bind_body;
                break;
            case Phase::bind_body:
                phase_ = Phase::rest;
                step_ = 0;
                if (!route_->plan.body.empty()) bind_bodies();
                break;
            case Phase::rest:
                if (run_steps(route_->plan.rest, pending) == Progress::waiting) {
                    return Progress::waiting;
                }
                phase_ = Phase::finish;
                break;
            case Phase::finish:
                if (finish(pending) == Progress::waiting) return Progress::waiting;
                phase_ = Phase::answer;
                break;
            case Phase::answer:
                if (route_->websocket) {
                    end_websocket();
                } else if (!error_) {
                    answer();
                }
                phase_ = started_ != nullptr ? Phase::first_piece : Phase::done;
                break;
            case Phase::first_piece:
                if (start_stream(pending) == Progress::waiting) return Progress::waiting;
                phase_ = Phase::done;
                break;
            case Phase::done:
                return Progress::done;
        }
    }
}

void Application::begin() {
    if (route_->websocket) check_websocket(exchange_.request, *route_->websocket);
    const Plan& plan = route_->plan;
    auto& arena = exchange_.arena;
    block_ = static_cast<std::byte*>(arena.allocate(plan.size, plan.alignment));
    std::size_t values = 3;  // the shared Response, BackgroundTasks and WebSocket
    for (const PlanNode& node : plan.nodes) values += node.arguments.size() + 2;
    made_ = array_of<Made>(arena, values);
    finishing_ = array_of<Finishing>(arena, plan.nodes.size());
    failed_ = array_of<bool>(arena, plan.nodes.size());
    std::fill_n(failed_, plan.nodes.size(), false);
    if (plan.response_offset != Plan::kNowhere) {
        auto* response = ::new (block_ + plan.response_offset) http::Response;
        response->status = 0;  // nobody has set it
        remember(&detail::destroy<http::Response>, response);
    }
    if (plan.background_offset != Plan::kNowhere) {
        auto* queue = ::new (block_ + plan.background_offset) BackgroundQueue;
        remember(&detail::destroy<BackgroundQueue>, queue);
    }
    if (plan.websocket_offset != Plan::kNowhere) {
        auto& scope = *static_cast<Scope*>(exchange_.release.resource);
        websocket_ = ::new (block_ + plan.websocket_offset) WebSocketState{.scope = scope};
        remember(&detail::destroy<WebSocketState>, websocket_);
    }
}

/// 404, 405 where the path has other methods, or a redirect to the path with or without a slash.
void Application::answer_without_route() {
    const http::Request& request = exchange_.request;
    const auto slot = RouteTree::slot_of(request.method());
    const auto found = served_.compiled.tree.find(slot, request.path());
    if (is_left_to_websockets(found, request.method())) {
        // RFC 9110 §15.5.22: "The server MUST send an Upgrade header field in a 426 response".
        error_ =
            CaughtError::of(HTTPException(426, "Expected a WebSocket handshake",
                                          {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}}));
    } else if (found.slots != 0) {
        http::Headers headers;
        headers.set("Allow", allowed_methods(found.slots));
        error_ = CaughtError::of(HTTPException(405, {}, std::move(headers)));
    } else if (const auto location =
                   app_.options.redirect_slashes ? served_.other_slash(request) : std::nullopt) {
        exchange_.response = http::redirect(*location, 307);
    } else {
        error_ = CaughtError::of(HTTPException(404));
    }
}

Progress Application::run_steps(const std::vector<Step>& steps, Pending& pending) {
    for (; step_ < steps.size(); ++step_) {
        const Step& step = steps[step_];
        if (step.kind == Step::Kind::bind) {
            bind(step);
        } else if (call(step.node, pending) == Progress::waiting) {
            return Progress::waiting;
        }
    }
    return Progress::done;
}

bool Application::fails(std::uint16_t index) {
    const auto& children = route_->plan.nodes[index].children;
    failed_[index] = failed_[index] || std::ranges::any_of(children, [&](std::uint16_t child) {
                         return failed_[child];
                     });
    return failed_[index];
}

Progress Application::call(std::uint16_t index, Pending& pending) {
    const PlanNode& node = route_->plan.nodes[index];
    const FunctionTable& function = *node.function;
    const bool is_handler = index + 1U == route_->plan.nodes.size();
    void* const value = block_ + node.value_offset;
    if (!waiting_) {
        if (is_handler && (!faults_.empty() || !body_faults_.empty())) {
            fail_validation();
            return Progress::done;
        }
        if (fails(index)) return Progress::done;
        const Frame frame{exchange_, block_, node.arguments.data()};
        if (is_handler && route_->blocking) {
            auto* kept =
                static_cast<Frame*>(exchange_.arena.allocate(sizeof(Frame), alignof(Frame)));
            ::new (kept) Frame(frame);
            task_.emplace(
                run_blocking(app_.executors().blocking, function, node.object, *kept, value));
            if (!pending.start(*task_, exchange_.context)) {
                waiting_ = true;
                return Progress::waiting;
            }
        } else if (function.result->task == nullptr) {
            function.call(node.object, frame, value);
            made(node);
            return Progress::done;
        } else {
            void* const task = block_ + node.task_offset;
            function.call(node.object, frame, task);
            remember(function.result->destroy, task);
            if (!pending.start(function.result->task(task), exchange_.context)) {
                waiting_ = true;
                return Progress::waiting;
            }
        }
    }
    waiting_ = false;
    if (task_) {
        auto blocking = std::move(*task_);
        task_.reset();
        blocking.result();
    } else {
        function.result->take(block_ + node.task_offset, value);
    }
    made(node);
    return Progress::done;
}

void Application::made(const PlanNode& node) {
    void* const at = block_ + node.value_offset;
    remember(node.value->destroy, at);
    if (node.value->finish != nullptr) finishing_[finishing_count_++] = {node.value, at};
}

void Application::check_content_type() const {
    const auto* policy = exchange_.request.route();
    if (policy == nullptr || policy->content_types.empty()) return;
    const auto type = http::MediaType::parse(exchange_.request.header("Content-Type"));
    const bool allowed = type && std::ranges::any_of(policy->content_types, [&](const auto& range) {
                             return type->matches(range);
                         });
    if (!allowed) throw HTTPException(415);
}

Progress Application::read_body(Pending& pending) {
    auto* source = exchange_.request.body_source();
    if (source == nullptr) return Progress::done;
    std::size_t limit = exchange_.request.route()->max_body;
    if (route_->plan.reads_files) {
        if (waiting_ ? form_ != nullptr : is_multipart(exchange_.request)) {
            return read_files(pending);
        }
        // A route for large files takes them in multipart forms only: the rest is in memory.
        limit = std::min(limit, app_.options.max_body);
    }
    std::expected<std::string_view, http::BodyError> body;
    if (!waiting_) {
        check_content_type();
        if (auto buffered = source->buffered(limit)) {
            body = *buffered;
        } else {
            reading_.emplace(source->read_all(limit));
            if (!pending.start(*reading_, exchange_.context)) {
                waiting_ = true;
                return Progress::waiting;
            }
            body = reading_->result();
        }
    } else {
        waiting_ = false;
        body = reading_->result();
    }
    if (!body) throw http::BodyFailed(body.error());
    body_ = *body;
    return Progress::done;
}

Progress Application::read_files(Pending& pending) {
    if (!waiting_) {
        check_content_type();
        form_ = std::make_unique<FormReader>(exchange_.request, route_->form,
                                             app_.executors().blocking);
        task_.emplace(form_->read());
        if (!pending.start(*task_, exchange_.context)) {
            waiting_ = true;
            return Progress::waiting;
        }
    }
    waiting_ = false;
    auto reading = std::move(*task_);
    task_.reset();
    reading.result();
    return Progress::done;
}

void Application::bind_bodies() {
    const Plan& plan = route_->plan;
    auto* targets = array_of<BodyTarget>(exchange_.arena, plan.body.size());
    std::size_t count = 0;
    for (const Step& step : plan.body) {
        const PlanNode& node = plan.nodes[step.node];
        const Binding& binding = node.bindings[step.parameter];
        void* const at = block_ + node.arguments[step.parameter].offset;
        binding.table->construct(at);
        remember(binding.table->destroy, at);
        targets[count++] = {&binding, at};
    }
    const std::span<const BodyTarget> all{targets, count};
    const model::ReadingClock now(exchange_.request.clock());
    if (plan.reads_form) {
        const FormData form = form_ != nullptr ? std::move(form_->form)
                                               : read_form(exchange_.request, body_, route_->form);
        form_.reset();
        bind_form(all, form, exchange_.arena, body_faults_);
    } else {
        const bool is_json =
            body_.empty() || sent_as_json(exchange_.request, route_->strict_content_type);
        bind_json(all, plan.keyed, is_json, body_, body_faults_);
        // FastAPI: a body that is not JSON is answered alone, before any dependency runs.
        if (!body_faults_.empty() && body_faults_.list().front().type == "json_invalid") {
            return fail_validation();
        }
    }
    if (body_faults_.empty()) return;
    for (const Step& step : plan.body) failed_[step.node] = true;
}

void Application::bind(const Step& step) {
    const PlanNode& node = route_->plan.nodes[step.node];
    const Binding& binding = node.bindings[step.parameter];
    void* const at = block_ + node.arguments[step.parameter].offset;
    binding.table->construct(at);
    remember(binding.table->destroy, at);
    const auto before = faults_.size();
    const model::ReadingClock now(exchange_.request.clock());
    bind_text(binding, exchange_.request, at, faults_);
    if (faults_.size() != before) failed_[step.node] = true;
}

void Application::fail_validation() {
    for (const auto& fault : body_faults_.list()) faults_.add(fault);
    fail(CaughtError::of(RequestValidationError(std::move(faults_))));
}

/// The first failure is the answer: of the handler, else of a commit.
void Application::finish_failed(CaughtError error) noexcept {
    if (error_) {
        app_.report(&exchange_.request, error.thrown);
    } else {
        error_ = std::move(error);
    }
    outcome_ = core::Outcome::failure;
}

/// Nothing is cancelled in here: a commit runs to its end.
Progress Application::finish(Pending& pending) {
    if (finishing_count_ == 0 && !waiting_) return Progress::done;
    if (!shield_) {
        shield_.emplace(&exchange_.context);
        if (!error_ && route_->answer->failed != nullptr &&
            route_->answer->failed(block_ + route_->plan.handler().value_offset)) {
            outcome_ = core::Outcome::failure;
        }
    }
    while (finishing_count_ > 0 || waiting_) {
        try {
            if (!waiting_) {
                const Finishing& last = finishing_[--finishing_count_];
                task_.emplace(last.value->finish(last.at, outcome_));
                if (!pending.start(*task_, exchange_.context)) {
                    waiting_ = true;
                    return Progress::waiting;
                }
            }
            waiting_ = false;
            task_->result();
        } catch (const std::exception& exception) {
            finish_failed(CaughtError::current(&exception));
        } catch (...) {
            finish_failed(CaughtError::current());
        }
        task_.reset();
    }
    shield_.reset();
    return Progress::done;
}

void Application::answer() {
    const PlanNode& handler = route_->plan.handler();
    Answer answer(app_, exchange_, route_->status);
    answer.write_with(route_->writing.get());
    route_->answer->answer(block_ + handler.value_offset, answer);
    if (answer.error()) {
        error_ = answer.error();
        return;
    }
    merge_response();
    started_ = answer.started();
}

Progress Application::start_stream(Pending& pending) {
    if (!waiting_) {
        task_.emplace(started_->start());
        if (!pending.start(*task_, exchange_.context)) {
            waiting_ = true;
            return Progress::waiting;
        }
    }
    waiting_ = false;
    auto starting = std::move(*task_);
    task_.reset();
    starting.result();
    return Progress::done;
}

void Application::merge_response() {
    if (route_->plan.response_offset == Plan::kNowhere) return;
    auto& set = *reinterpret_cast<http::Response*>(block_ + route_->plan.response_offset);
    auto& response = exchange_.response;
    if (set.status != 0) response.status = set.status;
    for (const auto field : set.headers) {
        if (!http::equal_names(field.name, "Set-Cookie")) response.headers.remove(field.name);
    }
    for (const auto field : set.headers) response.headers.add(field.name, field.value);
}

std::vector<BackgroundTasks::Work> Application::take_background() {
    if (error_ || block_ == nullptr || route_->plan.background_offset == Plan::kNowhere) return {};
    auto* queue = reinterpret_cast<BackgroundQueue*>(block_ + route_->plan.background_offset);
    return std::move(queue->work);
}

}  // namespace portico::app
