#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "portico/app/name.hpp"
#include "portico/app/parameter_options.hpp"  // IWYU pragma: export
#include "portico/app/tables.hpp"
#include "portico/app/upload_file.hpp"

/// What a handler's or a dependency's parameters may be, besides `Request&`, `Response&`,
/// `BackgroundTasks`, `State<T>`, `PerLoop<T>`, `Depends<f>`, `Security<f, scopes…>`,
/// `const SecurityScopes&` and a plain struct, which is the JSON body.
namespace portico::app {

/// The value of a bound parameter. Reads like the value: `*id`, `page->limit`, `int n = id`.
template <class T>
class Value {
public:
    using Type = T;

    Value() : value_() {}
    /// For tests that call a handler directly.
    // NOLINTNEXTLINE(google-explicit-constructor)
    Value(T value) : value_(std::move(value)) {}

    [[nodiscard]] const T& operator*() const& noexcept { return value_; }
    [[nodiscard]] T& operator*() & noexcept { return value_; }
    [[nodiscard]] T&& operator*() && noexcept { return std::move(value_); }
    [[nodiscard]] const T* operator->() const noexcept { return &value_; }
    [[nodiscard]] T* operator->() noexcept { return &value_; }
    // NOLINTNEXTLINE(google-explicit-constructor)
    [[nodiscard]] operator const T&() const noexcept { return value_; }

private:
    T value_;
};

/// A constraint of a single parameter: what it is when it was not sent.
///
///     Query<int, "limit", ge(1), le(100), default_value(20)> limit
///     Query<std::vector<std::string>, "tag", default_value(empty)> tags
template <class T>
struct default_value {
    T value;

    consteval explicit default_value(T from) : value(from) {}
    template <std::size_t N>
    consteval explicit default_value(const char (&literal)[N]) : value(literal) {}
};
template <std::size_t N>
default_value(const char (&)[N]) -> default_value<Name<N>>;

/// A `{name}` of the route's path. A name that the path lacks does not compile.
///
///     app.get("/items/{item_id}", [](Path<int, "item_id", ge(1)> id) { … });
template <class T, Name N, auto... Constraints>
class Path : public Value<T> {
public:
    using Value<T>::Value;
    static constexpr Source kSource = Source::path;
};

/// A query parameter, or with a struct and no name, each of its members: `Query<Page>`.
/// `Query<std::vector<T>, "tag">` takes every `?tag=`; of several for a single value the last
/// counts. A named struct, list of structs or map is `?filter[price][gte]=1` (OpenAPI's
/// `deepObject`), also as a member of a struct.
template <class T, Name N = "", auto... Constraints>
class Query : public Value<T> {
public:
    using Value<T>::Value;
    static constexpr Source kSource = Source::query;
};

/// A header field, without regard to case; "_" in the name stands for "-".
template <class T, Name N = "", auto... Constraints>
class Header : public Value<T> {
public:
    using Value<T>::Value;
    static constexpr Source kSource = Source::header;
};

/// A cookie.
template <class T, Name N = "", auto... Constraints>
class Cookie : public Value<T> {
public:
    using Value<T>::Value;
    static constexpr Source kSource = Source::cookie;
};

/// A field of a form (urlencoded or multipart), or the whole form as a struct. An empty text
/// counts as missing.
template <class T, Name N = "", auto... Constraints>
class Form : public Value<T> {
public:
    using Value<T>::Value;
    static constexpr Source kSource = Source::form;
};

/// An uploaded file of a multipart form: `File<"avatar">`. With another type than `UploadFile`, one
/// that may be absent (`std::optional<UploadFile>`) or several (`std::vector<UploadFile>`, or an
/// optional one), in the order in which they were sent. The form is read as it comes in, so a
/// route's `max_body` may be larger than memory.
///
///     app.post("/avatar",
///              [](File<"avatar"> avatar) -> Task<void> { co_await avatar->save_to(path); },
///              {.max_body = 100 * 1024 * 1024});
template <Name N, class T = UploadFile>
class File : public Value<T> {
public:
    using Value<T>::Value;
    static constexpr Source kSource = Source::file;
};

/// The JSON body; with a name, one member of the JSON object that the body is then.
/// A struct alone needs no `Body`.
template <class T, Name N = "", auto... Constraints>
class Body : public Value<T> {
public:
    using Value<T>::Value;
    static constexpr Source kSource = Source::body;
};

/// What `App::state` holds for the whole program: the database, the settings. `const T&` unless
/// the type says that it is thread-safe: `static constexpr bool thread_safe = true;` in it, or a
/// specialisation of `kThreadSafe`. Asking for a state that nobody set is an error at the start.
template <class T>
inline constexpr bool kThreadSafe = [] {
    if constexpr (requires { T::thread_safe; }) return static_cast<bool>(T::thread_safe);
    return false;
}();

template <class T>
class State {
public:
    using Type = std::conditional_t<kThreadSafe<T>, T, const T>;

    explicit State(Type& value) noexcept : value_(&value) {}
    [[nodiscard]] Type& operator*() const noexcept { return *value_; }
    [[nodiscard]] Type* operator->() const noexcept { return value_; }
    // NOLINTNEXTLINE(google-explicit-constructor)
    [[nodiscard]] operator Type&() const noexcept { return *value_; }

private:
    Type* value_;
};

/// The running loop's own T, made by `App::per_loop`: no other thread ever uses it.
template <class T>
class PerLoop {
public:
    using Type = T;

    explicit PerLoop(T& value) noexcept : value_(&value) {}
    [[nodiscard]] T& operator*() const noexcept { return *value_; }
    [[nodiscard]] T* operator->() const noexcept { return value_; }
    // NOLINTNEXTLINE(google-explicit-constructor)
    [[nodiscard]] operator T&() const noexcept { return *value_; }

private:
    T* value_;
};

}  // namespace portico::app
