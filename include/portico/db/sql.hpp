#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "portico/db/driver.hpp"

namespace portico::db {

/// The text of a statement: a string literal, and nothing else. There is no way to make one at run
/// time, so no value can become part of it; values are bound to `:name` in it.
///
///     co_await session.execute("DELETE FROM sessions WHERE expires_at < :now", arg("now", now));
///     co_await session.execute("DELETE FROM " + table);   // does not compile
class Sql {
public:
    static constexpr std::size_t kMostParameters = 32;

    template <std::size_t N>
    consteval Sql(const char (&literal)[N]) : text_(literal, N - 1) {
        find_parameters();
    }

    [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

    /// How many different names there are, and the `index`-th in the order of their first use.
    [[nodiscard]] constexpr std::size_t parameter_count() const noexcept { return count_; }
    [[nodiscard]] constexpr std::string_view parameter(std::size_t index) const noexcept {
        return text_.substr(names_[index].begin, names_[index].size);
    }

private:
    struct Name {
        std::uint16_t begin = 0;
        std::uint16_t size = 0;
    };

    static constexpr bool is_name(char c) noexcept {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    }
    // Where the quoted text or comment that begins at `at` ends; `at` itself when none does.
    static constexpr std::size_t skip_quoted(std::string_view text, std::size_t at) noexcept {
        const auto past = [&](std::string_view end, std::size_t from) {
            const auto found = text.find(end, from);
            return found == std::string_view::npos ? text.size() : found + end.size();
        };
        const std::string_view rest = text.substr(at);
        if (rest.starts_with('\'')) return past("'", at + 1);
        if (rest.starts_with('"')) return past("\"", at + 1);
        if (rest.starts_with("--")) return past("\n", at + 2);
        if (rest.starts_with("/*")) return past("*/", at + 2);
        return at;
    }

    // Calls `on_name(begin, size)` for each `:name` that is neither quoted nor a `::cast`.
    template <class F>
    static constexpr void scan(std::string_view text, F on_name) {
        for (std::size_t at = 0; at < text.size();) {
            if (const auto past = skip_quoted(text, at); past != at) {
                at = past;
            } else if (text.substr(at).starts_with("::")) {
                at += 2;
            } else if (text[at] == ':') {
                std::size_t end = ++at;
                while (end < text.size() && is_name(text[end])) ++end;
                if (end != at) on_name(at, end - at);
                at = end;
            } else {
                ++at;
            }
        }
    }

    consteval void find_parameters() {
        scan(text_, [&](std::size_t begin, std::size_t size) {
            const std::string_view name = text_.substr(begin, size);
            for (std::size_t i = 0; i < count_; ++i) {
                if (parameter(i) == name) return;
            }
            names_[count_++] = {static_cast<std::uint16_t>(begin),
                                static_cast<std::uint16_t>(size)};
        });
    }

    friend void write_sql(std::string_view, const void*, Dialect, std::string&);

    std::string_view text_;
    std::array<Name, kMostParameters> names_{};
    std::size_t count_ = 0;
};

/// The same, for where a literal should say what it is: `sql("SELECT …")`.
template <std::size_t N>
[[nodiscard]] consteval Sql sql(const char (&literal)[N]) {
    return Sql(literal);
}

/// Writes an `Sql` text with its names replaced by the dialect's numbered parameters.
void write_sql(std::string_view text, const void* unused, Dialect dialect, std::string& out);

}  // namespace portico::db
