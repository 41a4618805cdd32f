#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "portico/app/function_table.hpp"

/// On Clang a wrong program is refused with a sentence of ours in the first line.
#if defined(__clang__)
#define PORTICO_REFUSE_IF(condition, message) \
    __attribute__((diagnose_if(condition, message, "error")))
#else
#define PORTICO_REFUSE_IF(condition, message)
#endif

namespace portico::app {

namespace detail {

/// True when `path` has a part `{name}` or `{name:converter}`.
constexpr bool has_part(std::string_view path, std::string_view name) {
    for (std::size_t at = path.find('{'); at != path.npos; at = path.find('{', at + 1)) {
        const std::string_view rest = path.substr(at + 1);
        if (rest.size() > name.size() && rest.substr(0, name.size()) == name &&
            (rest[name.size()] == '}' || rest[name.size()] == ':')) {
            return true;
        }
    }
    return false;
}

/// True when the function, or a dependency of it, takes a `Path` that `path` lacks.
constexpr bool lacks_part(const FunctionTable& function, std::string_view path) {
    for (const ParameterTable* parameter : function.parameters) {
        if (parameter->source == Source::path && !has_part(path, parameter->name)) return true;
        if (parameter->dependency != nullptr &&
            lacks_part(*parameter->dependency->function, path)) {
            return true;
        }
    }
    return false;
}

template <class F>
constexpr bool lacks_part_of(std::string_view path) {
    return lacks_part(CallObject<F>::kTable, path);
}

}  // namespace detail

/// A path whose other half is the prefix of the router that it is added to: its `{…}` parts are
/// checked when the application starts, not by the compiler. See `within_prefix`.
struct PathWithinPrefix {
    std::string_view text;
};

/// For a handler of a router with parameters in its prefix:
///
///     Router posts{{.prefix = "/users/{user_id}"}};
///     posts.get(within_prefix("/posts"), [](Path<int, "user_id"> user) { … });
[[nodiscard]] constexpr PathWithinPrefix within_prefix(std::string_view path) noexcept {
    return {path};
}

/// The path of a route, checked against the handler F at compile time where it is a literal; every
/// path is checked again when the application starts.
template <class F>
class PathFor {
public:
    template <std::size_t N>
    // NOLINTNEXTLINE(google-explicit-constructor)
    constexpr PathFor(const char (&literal)[N]) PORTICO_REFUSE_IF(
        detail::lacks_part_of<F>(std::string_view(literal, N - 1)),
        "the handler takes a Path<…> that this route's path lacks (a part of a router's prefix? "
        "then write within_prefix(\"…\"))")
        : text_(literal, N - 1) {}

    // NOLINTNEXTLINE(google-explicit-constructor)
    constexpr PathFor(PathWithinPrefix path) noexcept : text_(path.text) {}
    // NOLINTNEXTLINE(google-explicit-constructor)
    PathFor(const std::string& path) noexcept : text_(path) {}

    [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

private:
    std::string_view text_;
};

}  // namespace portico::app
