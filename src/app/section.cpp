#include "app/section.hpp"

#include <new>
#include <stdexcept>

#include "app/app_impl.hpp"
#include "app/errors.hpp"
#include "portico/app/answer.hpp"

namespace portico::app {

FunctionLayer::FunctionLayer(Scope& scope, MiddlewareFunction& function, std::size_t inner)
    : scope_(scope), inner_(inner) {
    task.emplace(function(scope.exchange.request, CallNext(*this)));
}

FunctionLayer::~FunctionLayer() {
    task.reset();  // before what it may refer to
    if (section_ != nullptr) section_->~Section();
}

core::Task<http::Response> CallNext::operator()(http::Request&) {
    return layer_->next();
}

core::Task<http::Response> FunctionLayer::next() {
    if (called_) throw std::logic_error("call_next can be called once only");
    called_ = true;
    http::Exchange& exchange = scope_.exchange;
    section_ =
        ::new (exchange.arena.allocate(sizeof(Section), alignof(Section))) Section(scope_, inner_);
    while (section_->advance() == Progress::waiting) co_await section_->pending;
    if (section_->dropped) throw core::Cancelled();
    http::Response response = std::move(exchange.response);
    exchange.response = http::Response();
    co_return response;
}

Section::~Section() {
    if (function_ != nullptr) function_->~FunctionLayer();
}

Progress Section::advance() noexcept {
    for (;;) {
        try {
            return run();
        } catch (const std::exception& exception) {
            fail(CaughtError::current(&exception));
        } catch (...) {
            fail(CaughtError::current());
        }
    }
}

void Section::fail(CaughtError error) noexcept {
    waiting_ = false;
    if (phase_ == Phase::failed) handler_failed_ = true;
    error_ = std::move(error);
    phase_ = Phase::failed;
}

Progress Section::run() {
    for (;;) {
        switch (phase_) {
            case Phase::in:
                if (enter() == Progress::waiting) return Progress::waiting;
                break;
            case Phase::core:
                if (run_core() == Progress::waiting) return Progress::waiting;
                break;
            case Phase::refused: {
                const http::Refusal refusal = *scope_.exchange.refusal;
                error_ =
                    CaughtError::of(HTTPException(refusal.status, std::string(refusal.detail)));
                phase_ = Phase::failed;
                break;
            }
            case Phase::failed:
                if (answer_error() == Progress::waiting) return Progress::waiting;
                break;
            case Phase::out:
                leave();
                phase_ = Phase::done;
                break;
            case Phase::done:
                return Progress::done;
        }
    }
}

Progress Section::enter() {
    for (; layer_ < scope_.layers.size(); ++layer_) {
        const Layer& layer = scope_.layers[layer_];
        if (layer.function) break;
        auto kind = http::Decision::Kind::proceed;
        if (waiting_) {
            waiting_ = false;
            kind = decision_->task().result().kind();
        } else {
            http::Decision decision = layer.object->on_request(scope_.exchange);
            kind = decision.kind();
            if (kind == http::Decision::Kind::wait) {
                decision_.emplace(std::move(decision));
                if (!pending.start(decision_->task(), scope_.exchange.context)) {
                    waiting_ = true;
                    return Progress::waiting;
                }
                kind = decision_->task().result().kind();
            }
        }
        if (kind == http::Decision::Kind::answer) {
            phase_ = scope_.exchange.refusal ? Phase::refused : Phase::out;
            return Progress::done;
        }
    }
    phase_ = Phase::core;
    return Progress::done;
}

Progress Section::run_core() {
    http::Exchange& exchange = scope_.exchange;
    if (layer_ == scope_.layers.size()) {
        if (scope_.application.advance(pending) == Progress::waiting) return Progress::waiting;
        error_ = scope_.application.error();
        phase_ = error_ ? Phase::failed : Phase::out;
        return Progress::done;
    }
    if (!waiting_) {
        void* const at = exchange.arena.allocate(sizeof(FunctionLayer), alignof(FunctionLayer));
        function_ = ::new (at) FunctionLayer(scope_, *scope_.layers[layer_].function, layer_ + 1);
        if (!pending.start(*function_->task, exchange.context)) {
            waiting_ = true;
            return Progress::waiting;
        }
    }
    waiting_ = false;
    exchange.response = function_->task->result();
    phase_ = Phase::out;
    return Progress::done;
}

/// Answers `error_` by the handler for its type, or in the application's format.
Progress Section::answer_error() {
    http::Exchange& exchange = scope_.exchange;
    const AppOptions& options = scope_.app.options;
    if (!waiting_) {
        const ErrorKind kind = classify(error_);
        if (kind.cancelled) {
            dropped = true;
            phase_ = Phase::out;
            return Progress::done;
        }
        if (kind.unforeseen) scope_.app.report(&exchange.request, error_.thrown);
        exchange.response.text().clear();
        error_status_ = kind.status;
        handler_ =
            handler_failed_ ? nullptr : find_handler(scope_.handlers, error_, kind.unforeseen);
        if (handler_ == nullptr) {
            write_error(options, error_, exchange.response);
            phase_ = Phase::out;
            return Progress::done;
        }
        const ExceptionTable& table = *handler_->table;
        void* const result = exchange.arena.allocate(table.result->size, table.result->alignment);
        table.call(handler_->handler.get(), exchange.request, table.match(error_), result);
        if (table.result->task == nullptr) {
            take_result(result);
            return Progress::done;
        }
        handler_task_ = result;
        if (!pending.start(table.result->task(result), exchange.context)) {
            waiting_ = true;
            return Progress::waiting;
        }
    }
    waiting_ = false;
    const ResultTable& task = *handler_->table->result;
    struct Destroy {
        const ResultTable& table;
        void* at;
        ~Destroy() { table.destroy(at); }
    } const destroy{task, handler_task_};
    void* const value = exchange.arena.allocate(task.value->size, task.value->alignment);
    task.take(handler_task_, value);
    take_result(value);
    return Progress::done;
}

/// Answers what an exception handler has returned, and destroys it.
void Section::take_result(void* result) {
    const ExceptionTable& table = *handler_->table;
    const ResultTable& value =
        table.result->value != nullptr ? *table.result->value : *table.result;
    Answer answer(scope_.app, scope_.exchange, error_status_);
    table.answer->answer(result, answer);
    if (value.destroy != nullptr) value.destroy(result);
    if (answer.error()) return fail(answer.error());
    put_headers(error_, scope_.exchange.response);
    phase_ = Phase::out;
}

void Section::leave() {
    http::Exchange& exchange = scope_.exchange;
    if (scope_.route != nullptr && scope_.route->no_store) {
        exchange.response.headers.set_default("Cache-Control", "no-store");
    }
    run_on_response(scope_.app, exchange, scope_.layers, first_, scope_.responding);
    scope_.responding = std::min(scope_.responding, first_);
}

void run_on_response(AppImpl& app, http::Exchange& exchange, std::span<const Layer> layers,
                     std::size_t first, std::size_t last) noexcept {
    while (last > first) {
        const Layer& layer = layers[--last];
        if (!layer.object) continue;
        try {
            layer.object->on_response(exchange);
        } catch (...) {
            // The response is complete but for this layer's part: it is sent.
            app.report(&exchange.request, std::current_exception());
        }
    }
}

Surroundings surroundings_of(AppImpl& served, const http::Exchange& exchange) noexcept {
    if (const auto* route = static_cast<const CompiledRoute*>(exchange.route)) {
        return {*route->owner, route->layers, route->handlers};
    }
    const Place& place = served.compiled.place_of(exchange.request.path());
    return {*place.owner, place.layers, place.handlers};
}

Scope::Scope(AppImpl& served, http::Exchange& its_exchange, const Surroundings& around)
    : app(around.app),
      exchange(its_exchange),
      route(static_cast<const CompiledRoute*>(its_exchange.route)),
      layers(around.layers),
      handlers(around.handlers),
      responding(layers.size()),
      application(app, served, its_exchange, route),
      section(*this, 0) {}

core::Task<void> drive(Scope& scope) {
    do {
        co_await scope.section.pending;
    } while (scope.section.advance() == Progress::waiting);
    // Nothing of the scope may be touched after this.
    scope.exchange.send();
}

}  // namespace portico::app
