#include "app/app_values.hpp"

#include <fmt/format.h>

#include <ranges>
#include <stdexcept>
#include <utility>

#include "app/app_impl.hpp"
#include "app/pending.hpp"

namespace portico::app {

/// Stands where a call's request would be; nothing that is made at the start looks at it. Its arena
/// holds the values.
class AppValues::NoRequest final : public http::Exchange {
public:
    using http::Exchange::Exchange;
    void send() noexcept override {}
};

AppValues::AppValues() = default;
AppValues::~AppValues() {
    destroy_all();
}

const void* AppValues::find(const DependencyTable& dependency) const noexcept {
    const auto found = values_.find(&dependency);
    return found == values_.end() ? nullptr : found->second;
}

core::Task<void> AppValues::make(AppImpl& app, core::Reactor& reactor) {
    request_ = std::make_unique<NoRequest>(reactor);
    for (const CompiledRoute& route : app.compiled.routes) {
        if (route.owner != &app) continue;
        for (const PlanNode& node : route.plan.nodes) {
            for (const Binding& binding : node.bindings) {
                if (!binding.table->of_application) continue;
                co_await make_one(app, *binding.table->dependency, false);
            }
        }
    }
}

/// `original`: an override asks for what it replaces.
core::Task<const void*> AppValues::make_one(AppImpl& app, const DependencyTable& dependency,
                                            bool original) {
    const FunctionTable* function = dependency.function;
    void* object = nullptr;
    const auto replaced = app.overrides.find(&dependency);
    const bool overridden = !original && replaced != app.overrides.end();
    if (overridden) {
        function = replaced->second.function;
        object = replaced->second.object.get();
    }
    if (!original) {
        if (const void* made = find(dependency)) co_return made;
    }
    std::vector<Argument> arguments;
    for (const ParameterTable* parameter : function->parameters) {
        Argument argument;
        if (parameter->dependency != nullptr) {
            const bool itself = overridden && parameter->dependency == &dependency;
            argument.fixed = co_await make_one(app, *parameter->dependency, itself);
        } else if (parameter->source == Source::state) {
            const auto state = app.states.find(*parameter->type);
            if (state == app.states.end()) {
                throw std::invalid_argument(
                    fmt::format("dependency {} of the application: a State<T> is asked for, but "
                                "nobody gave the application one with app.state(value)",
                                name_of(dependency)));
            }
            argument.fixed = state->second.get();
        } else {
            argument.fixed = app_as(parameter->type, app.app);
        }
        arguments.push_back(argument);
    }

    core::Arena& arena = request_->arena;
    const ResultTable& result = *function->result;
    const ResultTable& value = result.task != nullptr ? *result.value : result;
    void* const at = arena.allocate(value.size, value.alignment);
    const Frame frame{*request_, nullptr, arguments.data()};
    if (result.task == nullptr) {
        function->call(object, frame, at);
    } else {
        void* const task = arena.allocate(result.size, result.alignment);
        function->call(object, frame, task);
        struct Destroy {
            const ResultTable& table;
            void* at;
            ~Destroy() { table.destroy(at); }
        } const destroy{result, task};
        Pending pending;
        if (!pending.start(result.task(task), request_->context)) co_await pending;
        result.take(task, at);
    }
    made_.push_back({&value, at});
    if (!original) values_.emplace(&dependency, at);
    co_return at;
}

core::Task<void> AppValues::finish(AppImpl& app, core::Outcome outcome) {
    for (const Made& made : std::views::reverse(made_)) {
        if (made.value->finish == nullptr) continue;
        try {
            co_await made.value->finish(made.at, outcome);
        } catch (...) {
            app.report(nullptr, std::current_exception());
        }
    }
    destroy_all();
}

void AppValues::destroy_all() noexcept {
    values_.clear();
    while (!made_.empty()) {
        const Made last = made_.back();
        made_.pop_back();
        if (last.value->destroy != nullptr) last.value->destroy(last.at);
    }
    request_.reset();
}

}  // namespace portico::app
