#pragma once

#include <optional>
#include <span>

#include "app/application.hpp"
#include "app/pending.hpp"
#include "portico/app/call_next.hpp"
#include "portico/http/middleware.hpp"

namespace portico::app {

struct Scope;

/// A middleware function while it runs, and the section inside it.
class FunctionLayer {
public:
    FunctionLayer(Scope& scope, MiddlewareFunction& function, std::size_t inner);
    ~FunctionLayer();
    FunctionLayer(const FunctionLayer&) = delete;
    FunctionLayer& operator=(const FunctionLayer&) = delete;

    /// What `call_next(request)` awaits.
    [[nodiscard]] core::Task<http::Response> next();

    std::optional<core::Task<http::Response>> task;

private:
    Scope& scope_;
    std::size_t inner_;
    bool called_ = false;
    class Section* section_ = nullptr;
};

/// A run of layers from `first` on, up to the next middleware function or the application itself,
/// and all that lies inside: on the way in, at the core, on the way out.
class Section {
public:
    Section(Scope& scope, std::size_t first) : scope_(scope), first_(first), layer_(first) {}
    ~Section();
    Section(const Section&) = delete;
    Section& operator=(const Section&) = delete;

    /// Goes on until the response has passed the section's layers, or `pending` must be waited for.
    [[nodiscard]] Progress advance() noexcept;

    Pending pending;
    /// The client is gone: there is nobody to answer.
    bool dropped = false;

private:
    enum class Phase { in, core, failed, refused, out, done };

    [[nodiscard]] Progress run();
    [[nodiscard]] Progress enter();
    [[nodiscard]] Progress run_core();
    void fail(CaughtError error) noexcept;
    [[nodiscard]] Progress answer_error();
    void take_result(void* result);
    void leave();

    Scope& scope_;
    std::size_t first_;
    std::size_t layer_;
    Phase phase_ = Phase::in;
    bool waiting_ = false;
    bool handler_failed_ = false;
    std::optional<http::Decision> decision_;
    FunctionLayer* function_ = nullptr;
    CaughtError error_;
    const ExceptionHandler* handler_ = nullptr;
    void* handler_task_ = nullptr;
    int error_status_ = 500;
};

/// The application that a request is for, and what is around it there.
struct Surroundings {
    AppImpl& app;
    std::span<const Layer> layers;
    std::span<const ExceptionHandler> handlers;
};
[[nodiscard]] Surroundings surroundings_of(AppImpl& served,
                                           const http::Exchange& exchange) noexcept;

/// All that the application keeps for one request; lies in the exchange's arena.
struct Scope {
    Scope(AppImpl& served, http::Exchange& its_exchange, const Surroundings& around);

    AppImpl& app;
    http::Exchange& exchange;
    const CompiledRoute* route;
    std::span<const Layer> layers;
    std::span<const ExceptionHandler> handlers;
    /// The layers that have not seen the response yet are those below.
    std::size_t responding;
    Application application;
    Section section;
};

/// Runs a scope that has to wait, to its end.
[[nodiscard]] core::Task<void> drive(Scope& scope);

/// `on_response` of the layers `[first, last)`, innermost first.
void run_on_response(AppImpl& app, http::Exchange& exchange, std::span<const Layer> layers,
                     std::size_t first, std::size_t last) noexcept;

}  // namespace portico::app
