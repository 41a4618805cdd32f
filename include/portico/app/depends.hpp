#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include "portico/app/name.hpp"
#include "portico/app/parameters.hpp"
#include "portico/app/signature.hpp"
#include "portico/app/tables.hpp"
#include "portico/core/task.hpp"

namespace portico::app {

namespace detail {

template <class R>
struct Awaited {
    using Type = R;
};
template <class T>
struct Awaited<core::Task<T>> {
    using Type = T;
};

/// What a dependency gives: its result, awaited, without a reference.
template <auto& Dependency>
using DependencyValue = std::remove_reference_t<
    typename Awaited<typename SignatureType<decltype(Dependency)>::Result>::Type>;

}  // namespace detail

/// How often a dependency is called.
enum class Caching {
    per_request,  ///< Once for a request, however many ask for it.
    none,         ///< For each that asks for it.
    /// Once for the application, when it starts: after its startup hooks and lifespans, and after
    /// what the dependency takes, which may be `State<T>`, `const App&` and others of this kind,
    /// but nothing of a request. All loops share the value, so it is const unless it is thread-safe
    /// (see `State`). It is finished and destroyed when the application stops, before its lifespans
    /// end; with `Outcome::failure` where the start has failed.
    per_application,
};

/// The value of a dependency: of a function, or of a namespace-scope object that can be called.
///
/// Dependencies may be coroutines, take whatever a handler takes, other dependencies included, and
/// are called once for a request. A value that has `Task<void> finish(Outcome)` is finished before
/// the response is sent, the last made first; it is destroyed after the response was sent.
/// A dependency is known by its address: a function in a header should be `inline`.
///
///     Session get_session(State<Database> database) { return database->session(); }
///     app.get("/items", [](Depends<get_session> session) { return session->all<Item>(); });
template <auto& Dependency, Caching Cached = Caching::per_request>
class Depends {
public:
    using Type = std::conditional_t<
        Cached == Caching::per_application && !kThreadSafe<detail::DependencyValue<Dependency>>,
        const detail::DependencyValue<Dependency>, detail::DependencyValue<Dependency>>;
    static constexpr Source kSource = Source::dependency;

    explicit Depends(Type* value) noexcept : value_(value) {}

    [[nodiscard]] std::add_lvalue_reference_t<Type> operator*() const noexcept { return *value_; }
    [[nodiscard]] Type* operator->() const noexcept { return value_; }
    // NOLINTNEXTLINE(google-explicit-constructor)
    [[nodiscard]] operator std::add_lvalue_reference_t<Type>() const noexcept
        requires(!std::is_void_v<Type>)
    {
        return *value_;
    }

private:
    Type* value_;
};

/// A dependency that decides who may pass. It runs, with all that it depends on, before the body
/// of the request is read; its scopes reach it as `const SecurityScopes&`.
///
///     app.post("/items", [](ItemCreate item, Security<current_user, "write"> user) { … });
template <auto& Dependency, Name... Scopes>
class Security : public Depends<Dependency> {
public:
    using Depends<Dependency>::Depends;
};

}  // namespace portico::app
