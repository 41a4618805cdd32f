#pragma once

#include <cstddef>
#include <string_view>

namespace portico::app {

/// A text as a template argument: the name in `Query<int, "limit">`.
template <std::size_t N>
struct Name {
    char text[N]{};

    // NOLINTNEXTLINE(google-explicit-constructor): written as a plain literal.
    consteval Name(const char (&literal)[N]) {
        for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
    }

    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, N - 1}; }
};

}  // namespace portico::app
