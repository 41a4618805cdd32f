#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "portico/app/background.hpp"
#include "portico/app/depends.hpp"
#include "portico/app/parameters.hpp"
#include "portico/app/security.hpp"
#include "portico/app/signature.hpp"
#include "portico/app/tables.hpp"
#include "portico/core/reactor.hpp"
#include "portico/model/annotated.hpp"
#include "portico/model/slot_of.hpp"

/// Makes the tables of a function from its type. Kept thin: everything here is instantiated for
/// each route or for each of its parameter types.
namespace portico::model {
template <class T>
class Partial;
}  // namespace portico::model

namespace portico::app {

class App;

namespace detail {

// ---- the objects that lie in a request's block

template <class T>
void construct(void* at) {
    ::new (at) T;
}
template <class T>
void destroy(void* at) noexcept {
    std::destroy_at(static_cast<T*>(at));
}
template <class T>
inline constexpr auto kDestroy = std::is_trivially_destructible_v<T> ? nullptr : &destroy<T>;

// ---- constraints: `default_value` is ours, the others are the model's

template <auto C>
inline constexpr bool kIsDefault = false;
template <class T, default_value<T> C>
inline constexpr bool kIsDefault<C> = true;

template <class T, auto... C>
struct Annotate {
    using Type = model::Annotated<T, C...>;
};
template <class T>
struct Annotate<T> {
    using Type = T;
};

template <auto... C>
struct Constraints {};

/// `Kept` without the defaults among `C`.
template <class T, class Kept, auto... C>
struct WithoutDefault;
template <class T, auto... K>
struct WithoutDefault<T, Constraints<K...>> : Annotate<T, K...> {};
template <class T, auto... K, auto First, auto... C>
struct WithoutDefault<T, Constraints<K...>, First, C...>
    : std::conditional_t<kIsDefault<First>, WithoutDefault<T, Constraints<K...>, C...>,
                         WithoutDefault<T, Constraints<K..., First>, C...>> {};

template <bool HasDefault, class T, auto... C>
struct SlotType : Annotate<T, C...> {};
template <class T, auto... C>
struct SlotType<true, T, C...> : WithoutDefault<T, Constraints<>, C...> {};

template <class D, auto C>
void assign_default(D& object) {
    if constexpr (kIsDefault<C>) {
        if constexpr (requires { C.value.view(); }) {
            *object = typename D::Type(C.value.view());
        } else if constexpr (std::is_same_v<decltype(C.value), const model::Empty> ||
                             std::is_same_v<decltype(C.value), model::Empty>) {
            *object = typename D::Type();
        } else {
            *object = typename D::Type(C.value);
        }
    }
}
template <class D, auto... C>
void set_default(void* at) {
    (assign_default<D, C>(*static_cast<D*>(at)), ...);
}

// ---- parameters

/// A bare parameter: a struct, or a `Partial` of one, is the JSON body; anything else is refused.
template <class D>
inline constexpr bool kIsBody = std::is_class_v<D> && std::is_aggregate_v<D>;
template <class T>
inline constexpr bool kIsBody<model::Partial<T>> = true;

template <class D>
struct Parameter {
    static_assert(
        kIsBody<D>,
        "a parameter must say where its value comes from: Path<T, \"name\">, "
        "Query<T, \"name\">, Header, Cookie, Form, Body<T>, Depends<f>, Security<f>, "
        "State<T>, Request&, Response&, BackgroundTasks, WebSocket; only a struct may stand alone: "
        "it is the JSON body");
    static constexpr ParameterTable kTable{.source = Source::body,
                                           .slot = &model::slot_of<D>,
                                           .size = sizeof(D),
                                           .alignment = alignof(D),
                                           .construct = &construct<D>,
                                           .destroy = kDestroy<D>};
};

template <class T>
inline constexpr bool kIsModel = std::is_class_v<T> && std::is_aggregate_v<T>;

template <class D, class T, Name N, auto... C>
struct TextParameter {
    static constexpr bool kHasDefault = (kIsDefault<C> || ... || false);
    static_assert(D::kSource != Source::path || !N.view().empty(),
                  "a Path parameter names a part of the route: Path<int, \"item_id\">");
    static_assert(D::kSource == Source::body || !N.view().empty() || kIsModel<T>,
                  "a parameter without a name must be a struct, whose members are then the "
                  "parameters: write Query<int, \"limit\">");
    static constexpr ParameterTable kTable{
        .source = D::kSource,
        .whole = D::kSource != Source::body && N.view().empty(),
        .name = N.view(),
        .slot = &model::slot_of<typename SlotType<kHasDefault, T, C...>::Type>,
        .size = sizeof(D),
        .alignment = alignof(D),
        .construct = &construct<D>,
        .destroy = kDestroy<D>,
        .set_default = [] {
            if constexpr (kHasDefault)
                return &set_default<D, C...>;
            else
                return nullptr;
        }()};
};

template <class T, Name N, auto... C>
struct Parameter<Path<T, N, C...>> : TextParameter<Path<T, N, C...>, T, N, C...> {};
template <class T, Name N, auto... C>
struct Parameter<Query<T, N, C...>> : TextParameter<Query<T, N, C...>, T, N, C...> {};
template <class T, Name N, auto... C>
struct Parameter<Header<T, N, C...>> : TextParameter<Header<T, N, C...>, T, N, C...> {};
template <class T, Name N, auto... C>
struct Parameter<Cookie<T, N, C...>> : TextParameter<Cookie<T, N, C...>, T, N, C...> {};
template <class T, Name N, auto... C>
struct Parameter<Form<T, N, C...>> : TextParameter<Form<T, N, C...>, T, N, C...> {};
template <class T, Name N, auto... C>
struct Parameter<Body<T, N, C...>> : TextParameter<Body<T, N, C...>, T, N, C...> {};

template <class T>
void set_files(void* at, std::span<const UploadFile> files) {
    auto& value = **static_cast<Value<T>*>(at);
    if constexpr (requires { value.push_back(files[0]); }) {
        value.assign(files.begin(), files.end());
    } else if constexpr (requires { value->push_back(files[0]); }) {
        value.emplace(files.begin(), files.end());
    } else {
        value = files.back();
    }
}

template <Name N, class T>
struct Parameter<File<N, T>> {
    static constexpr ParameterTable kTable{.source = Source::file,
                                           .name = N.view(),
                                           .slot = &model::slot_of<T>,
                                           .size = sizeof(File<N, T>),
                                           .alignment = alignof(File<N, T>),
                                           .construct = &construct<File<N, T>>,
                                           .destroy = kDestroy<File<N, T>>,
                                           .set_files = &set_files<T>};
};

template <>
struct Parameter<http::Request> {
    static constexpr ParameterTable kTable{.source = Source::request};
};
template <>
struct Parameter<http::Response> {
    static constexpr ParameterTable kTable{.source = Source::response,
                                           .size = sizeof(http::Response),
                                           .alignment = alignof(http::Response),
                                           .construct = &construct<http::Response>,
                                           .destroy = &destroy<http::Response>};
};
template <>
struct Parameter<BackgroundTasks> {
    static constexpr ParameterTable kTable{.source = Source::background,
                                           .size = sizeof(BackgroundQueue),
                                           .alignment = alignof(BackgroundQueue),
                                           .construct = &construct<BackgroundQueue>,
                                           .destroy = &destroy<BackgroundQueue>};
};
template <>
struct Parameter<SecurityScopes> {
    static constexpr ParameterTable kTable{.source = Source::scopes};
};
template <>
struct Parameter<App> {
    static constexpr ParameterTable kTable{.source = Source::app};
};
template <class T>
struct Parameter<State<T>> {
    static constexpr ParameterTable kTable{.source = Source::state, .type = &typeid(T)};
};
template <class T>
struct Parameter<PerLoop<T>> {
    static constexpr ParameterTable kTable{.source = Source::per_loop, .type = &typeid(T)};
};

template <class P>
inline constexpr const ParameterTable* kParameter = &Parameter<std::remove_cvref_t<P>>::kTable;

// ---- results

template <class T>
ErasedTask task_at(void* at) noexcept {
    auto& task = *static_cast<core::Task<T>*>(at);
    return {task.handle(), &task.promise()};
}
template <class T>
void take_task(void* at, void* to) {
    auto& task = *static_cast<core::Task<T>*>(at);
    if constexpr (std::is_void_v<T>) {
        task.result();
    } else {
        ::new (to) T(task.result());
    }
}

template <class T>
core::Task<void> await_finish(void* at, core::Outcome outcome) {
    using Result = decltype(static_cast<T*>(at)->finish(outcome));
    static_assert(std::is_same_v<Result, core::Task<void>>,
                  "a dependency's finish(Outcome) returns Task<void>");
    return static_cast<T*>(at)->finish(outcome);
}

template <class T>
struct Result {
    static constexpr ResultTable kTable{
        .size = sizeof(T), .alignment = alignof(T), .destroy = kDestroy<T>, .finish = [] {
            if constexpr (requires(T& value, core::Outcome o) { value.finish(o); }) {
                return &await_finish<T>;
            } else {
                return nullptr;
            }
        }()};
};
template <>
struct Result<void> {
    static constexpr ResultTable kTable{};
};
template <class T>
struct Result<T&> {
    static constexpr ResultTable kTable{.size = sizeof(T*), .alignment = alignof(T*)};
};
template <class T>
struct Result<core::Task<T>> {
    static_assert(!std::is_reference_v<T>, "a task gives a value, not a reference");
    static constexpr ResultTable kTable{.size = sizeof(core::Task<T>),
                                        .alignment = alignof(core::Task<T>),
                                        .destroy = &destroy<core::Task<T>>,
                                        .task = &task_at<T>,
                                        .take = &take_task<T>,
                                        .value = &Result<T>::kTable};
};

// ---- dependencies

template <auto& Dependency>
consteval const char* pretty_name() {
    return __PRETTY_FUNCTION__;
}

template <class Object>
constexpr const SecurityScheme* scheme_of(Object& object) noexcept {
    if constexpr (std::is_base_of_v<SecurityScheme, std::remove_cv_t<Object>>) {
        return &object;
    } else {
        return nullptr;
    }
}

template <auto& Dependency>
struct CallDependency;

template <auto& Dependency>
inline constexpr FunctionTable kDependencyFunction = CallDependency<Dependency>::kTable;

template <auto& Dependency>
inline constexpr DependencyTable kDependency{.function = &kDependencyFunction<Dependency>,
                                             .scheme = scheme_of(Dependency),
                                             .pretty = pretty_name<Dependency>()};

template <auto& Dependency, Caching Cached>
struct Parameter<Depends<Dependency, Cached>> {
    static constexpr ParameterTable kTable{.source = Source::dependency,
                                           .cached = Cached == Caching::per_request,
                                           .of_application = Cached == Caching::per_application,
                                           .dependency = &kDependency<Dependency>};
};
template <Name... Scopes>
inline constexpr std::array<std::string_view, sizeof...(Scopes)> kScopes{Scopes.view()...};

template <auto& Dependency, Name... Scopes>
struct Parameter<Security<Dependency, Scopes...>> {
    static constexpr ParameterTable kTable{.source = Source::dependency,
                                           .secured = true,
                                           .dependency = &kDependency<Dependency>,
                                           .scopes = kScopes<Scopes...>};
};

// ---- calls

template <class D>
inline constexpr bool kIsDependsHandle = false;
template <auto& Dependency, Caching Cached>
inline constexpr bool kIsDependsHandle<Depends<Dependency, Cached>> = true;
template <auto& Dependency, Name... Scopes>
inline constexpr bool kIsDependsHandle<Security<Dependency, Scopes...>> = true;
template <class D>
inline constexpr bool kIsStateHandle = false;
template <class T>
inline constexpr bool kIsStateHandle<State<T>> = true;
template <class T>
inline constexpr bool kIsStateHandle<PerLoop<T>> = true;
template <class D>
inline constexpr bool kIsPerLoop = false;
template <class T>
inline constexpr bool kIsPerLoop<PerLoop<T>> = true;

template <auto& Dependency>
inline constexpr bool kGivesReference = std::is_reference_v<
    typename Awaited<typename SignatureType<decltype(Dependency)>::Result>::Type>;
template <class D>
inline constexpr bool kHoldsReference = false;
template <auto& Dependency, Caching Cached>
inline constexpr bool kHoldsReference<Depends<Dependency, Cached>> = kGivesReference<Dependency>;
template <auto& Dependency, Name... Scopes>
inline constexpr bool kHoldsReference<Security<Dependency, Scopes...>> =
    kGivesReference<Dependency>;

/// The argument for a parameter declared as P.
template <class P>
decltype(auto) pass(const Frame& frame, std::size_t index) {
    using D = std::remove_cvref_t<P>;
    if constexpr (std::is_same_v<D, http::Request>) {
        static_assert(std::is_lvalue_reference_v<P>, "take the request as Request&");
        return static_cast<http::Request&>(frame.exchange.request);
    } else if constexpr (kIsDependsHandle<D>) {
        static_assert(!std::is_reference_v<P>,
                      "take Depends<f> and Security<f> by value: they "
                      "refer to the dependency's value already");
        if constexpr (kHoldsReference<D>) {
            return D(*static_cast<typename D::Type**>(frame.at(index)));
        } else {
            return D(static_cast<typename D::Type*>(frame.at(index)));
        }
    } else if constexpr (kIsStateHandle<D>) {
        static_assert(!std::is_reference_v<P>,
                      "take State<T>, PerLoop<T>, WebSocket by value: they only refer to it");
        if constexpr (kIsPerLoop<D>) {
            const auto* loops = static_cast<void* const*>(frame.at(index));
            return D(
                *static_cast<typename D::Type*>(loops[frame.exchange.context.reactor().index()]));
        } else {
            return D(*static_cast<typename D::Type*>(frame.at(index)));
        }
    } else if constexpr (std::is_same_v<D, http::Response>) {
        static_assert(
            std::is_lvalue_reference_v<P>,
            "take the response as Response&: what is set on it is merged into the answer");
        return *static_cast<D*>(frame.at(index));
    } else if constexpr (std::is_same_v<D, App> || std::is_same_v<D, SecurityScopes>) {
        static_assert(std::is_lvalue_reference_v<P> && std::is_const_v<std::remove_reference_t<P>>,
                      "take it as const SecurityScopes& or const App&");
        return *static_cast<const D*>(frame.at(index));
    } else if constexpr (std::is_same_v<D, BackgroundTasks>) {
        return static_cast<BackgroundTasks&>(*static_cast<BackgroundQueue*>(frame.at(index)));
    } else if constexpr (std::is_lvalue_reference_v<P>) {
        return *static_cast<D*>(frame.at(index));
    } else {
        return std::move(*static_cast<D*>(frame.at(index)));
    }
}

/// Calls `function` with what P... are bound to and constructs the result.
template <class R, class F, class... P, std::size_t... I>
void call_with(F& function, const Frame& frame, void* result, SignatureOf<R, P...>*,
               std::index_sequence<I...>) {
    if constexpr (std::is_void_v<R>) {
        function(pass<P>(frame, I)...);
    } else if constexpr (std::is_reference_v<R>) {
        *static_cast<std::remove_cvref_t<R>**>(result) =
            const_cast<std::remove_cvref_t<R>*>(&function(pass<P>(frame, I)...));
    } else {
        ::new (result) R(function(pass<P>(frame, I)...));
    }
}

template <class... P>
struct Parameters {
    // One more than there are, so that the array is never empty.
    static constexpr const ParameterTable* kList[] = {kParameter<P>..., nullptr};
    static constexpr std::span<const ParameterTable* const> kSpan{kList, sizeof...(P)};
    using Indices = std::index_sequence_for<P...>;
};

/// A callable that the framework keeps: handlers, `depends(object)`, overrides.
template <class F>
struct CallObject {
    using Type = SignatureType<F>;
    using List = typename Type::template Apply<Parameters>;

    static void call(void* function, const Frame& frame, void* result) {
        call_with(*static_cast<F*>(function), frame, result, static_cast<Type*>(nullptr),
                  typename List::Indices{});
    }
    static constexpr FunctionTable kTable{
        .parameters = List::kSpan, .call = &call, .result = &Result<typename Type::Result>::kTable};
};

template <auto& Dependency>
struct CallDependency {
    using Type = SignatureType<decltype(Dependency)>;
    using List = typename Type::template Apply<Parameters>;

    static void call(void*, const Frame& frame, void* result) {
        call_with(Dependency, frame, result, static_cast<Type*>(nullptr), typename List::Indices{});
    }
    static constexpr FunctionTable kTable{
        .parameters = List::kSpan, .call = &call, .result = &Result<typename Type::Result>::kTable};
};

}  // namespace detail
}  // namespace portico::app
