#include <algorithm>
#include <new>

#include "app/app_impl.hpp"
#include "app/errors.hpp"
#include "app/section.hpp"
#include "portico/http/url.hpp"
#include "portico/http/websocket.hpp"

namespace portico::app {
namespace {

/// The value of a part. The path keeps "%2F" encoded, so that it separates no segments; a value is
/// decoded from the path as it was sent, where that matters.
std::string_view part_value(const http::Request& request, std::string_view value) {
    if (value.find('%') == value.npos) return value;
    const auto path = request.path();
    const auto slash_count = [](std::string_view text) { return std::ranges::count(text, '/'); };
    const auto begin = static_cast<std::size_t>(value.data() - path.data());
    auto skip = slash_count(path.substr(0, begin));
    auto take = slash_count(value);
    std::string_view raw = request.raw_path();
    std::size_t at = 0;
    for (; skip > 0; --skip) at = raw.find('/', at) + 1;
    raw.remove_prefix(at);
    std::size_t end = raw.find('/');
    for (; take > 0; --take) end = raw.find('/', end + 1);
    raw = raw.substr(0, end);
    const auto decoded = http::percent_decode(raw);
    if (!decoded) return value;
    // A segment may have a text before and after its part.
    const auto segment_begin = begin == 0 ? 0 : path.rfind('/', begin - 1) + 1;
    const auto segment_end = path.find('/', begin + value.size());
    const auto before = begin - segment_begin;
    const auto after =
        (segment_end == path.npos ? path.size() : segment_end) - begin - value.size();
    if (decoded->size() < before + after) return value;
    return request.arena().copy(
        std::string_view(*decoded).substr(before, decoded->size() - before - after));
}

}  // namespace

void App::match(http::Exchange& exchange) noexcept {
    const Compiled& compiled = impl_->compiled;
    http::Request& request = exchange.request;
    const bool to_websocket = request.asks_upgrade() && http::asks_for_websocket(request);
    const auto slot = RouteTree::slot_of(request.method());
    auto found = compiled.tree.find(to_websocket ? RouteTree::kWebSocket : slot, request.path());
    // An upgrade that a path does not have is an ordinary request (RFC 9110 §7.8).
    if (to_websocket && found.route == RouteTree::kNone) {
        found = compiled.tree.find(slot, request.path());
    }
    if (found.route == RouteTree::kNone) return;
    const CompiledRoute& route = compiled.routes[found.route];
    exchange.route = &route;
    request.set_route(&compiled.shown[found.route].policy);
    const std::size_t count = route.pattern.names.size();
    if (count == 0) return;
    auto* parts = static_cast<http::NameValue*>(
        exchange.arena.allocate(count * sizeof(http::NameValue), alignof(http::NameValue)));
    for (std::size_t i = 0; i < count; ++i) {
        ::new (parts + i)
            http::NameValue{route.pattern.names[i], part_value(request, found.values[i])};
    }
    request.set_path_params({parts, count});
}

void App::handle(http::Exchange& exchange) noexcept {
    auto* scope = ::new (exchange.arena.allocate(sizeof(Scope), alignof(Scope)))
        Scope(*impl_, exchange, surroundings_of(*impl_, exchange));
    exchange.release.resource = scope;
    exchange.release.run = [](void* resource) noexcept {
        auto* ended = static_cast<Scope*>(resource);
        AppImpl& app = ended->app;
        core::Reactor& reactor = ended->exchange.context.reactor();
        auto background = ended->application.take_background();
        ended->~Scope();
        if (background.empty()) return;
        app.background.start(reactor, std::move(background), [&app](std::exception_ptr error) {
            app.report(nullptr, std::move(error));
        });
    };
    if (scope->section.advance() == Progress::done) {
        exchange.send();
    } else {
        core::spawn(exchange.context, drive(*scope));
    }
}

void App::refuse(http::Exchange& exchange, http::Refusal refusal) noexcept {
    const Surroundings around = surroundings_of(*impl_, exchange);
    const auto error = CaughtError::of(HTTPException(refusal.status, std::string(refusal.detail)));
    const ExceptionHandler* handler = find_handler(around.handlers, error, false);
    bool answered = false;
    // There is no loop to wait on for a handler that is a coroutine.
    if (handler != nullptr && handler->table->result->task == nullptr) {
        const ExceptionTable& table = *handler->table;
        try {
            void* const result =
                exchange.arena.allocate(table.result->size, table.result->alignment);
            table.call(handler->handler.get(), exchange.request, table.match(error), result);
            Answer answer(*impl_, exchange, refusal.status);
            table.answer->answer(result, answer);
            if (table.result->destroy != nullptr) table.result->destroy(result);
            answered = !answer.error();
        } catch (...) {
            around.app.report(&exchange.request, std::current_exception());
        }
    }
    if (!answered) write_error(around.app.options, error, exchange.response);
    run_on_response(around.app, exchange, around.layers, 0, around.layers.size());
}

void App::stream_failed(http::Exchange& exchange, std::exception_ptr error) noexcept {
    impl_->report(&exchange.request, std::move(error));
}

void App::loop_started(core::Reactor& reactor) {
    for (const Mount& mount : impl_->mounts) mount.application->app.loop_started(reactor);
    const std::scoped_lock lock(impl_->loops_mutex);
    const std::size_t index = reactor.index();
    for (auto& [type, values] : impl_->per_loop) {
        values.values.at(index) = values.make();
        values.pointers[index] = values.values[index].get();
    }
}

void App::loop_stopped(core::Reactor& reactor) {
    for (const Mount& mount : impl_->mounts) mount.application->app.loop_stopped(reactor);
    const std::scoped_lock lock(impl_->loops_mutex);
    for (auto& [type, values] : impl_->per_loop) {
        values.values.at(reactor.index()).reset();
    }
}

}  // namespace portico::app
