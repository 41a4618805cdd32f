#include "portico/http/cache_control.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>

#include "http/bytes.hpp"
#include "portico/http/headers.hpp"

namespace portico::http {

namespace {

using std::chrono::seconds;
using Time = std::optional<seconds> CacheControl::*;
using Flag = bool CacheControl::*;

struct FlagName {
    std::string_view name;
    Flag flag;
};
struct TimeName {
    std::string_view name;
    Time time;
};

constexpr std::array kFlags{
    FlagName{"public", &CacheControl::is_public},
    FlagName{"private", &CacheControl::is_private},
    FlagName{"no-cache", &CacheControl::no_cache},
    FlagName{"no-store", &CacheControl::no_store},
    FlagName{"must-revalidate", &CacheControl::must_revalidate},
    FlagName{"immutable", &CacheControl::immutable},
    FlagName{"no-transform", &CacheControl::no_transform},
};
constexpr std::array kTimes{
    TimeName{"max-age", &CacheControl::max_age},
    TimeName{"s-maxage", &CacheControl::s_maxage},
    TimeName{"stale-while-revalidate", &CacheControl::stale_while_revalidate},
    TimeName{"stale-if-error", &CacheControl::stale_if_error},
};

// RFC 9111 §1.2.2: "a value of 2147483648 ... or the largest positive integer that can be
// represented" stands for what is larger.
constexpr std::int64_t kMostSeconds = 2147483648;

seconds parse_seconds(std::string_view text) noexcept {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
    }
    std::int64_t value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return seconds(0);
        value = std::min(value * 10 + (c - '0'), kMostSeconds);
    }
    return seconds(value);
}

/// The next member of a list whose values may be quoted.
std::string_view take_directive(std::string_view& rest) noexcept {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < rest.size() && (quoted || rest[end] != ','); ++end) {
        if (rest[end] == '"') quoted = !quoted;
    }
    const std::string_view directive = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return directive;
}

}  // namespace

std::string CacheControl::to_string() const {
    if (is_public && is_private) {
        throw std::invalid_argument("Cache-Control: expected public or private, not both");
    }
    std::string field;
    const auto add = [&](std::string_view text) {
        if (!field.empty()) field += ", ";
        field += text;
    };
    for (const auto& [name, flag] : kFlags) {
        if (!(this->*flag)) continue;
        if (no_store && flag != &CacheControl::no_store && flag != &CacheControl::no_transform) {
            throw std::invalid_argument("Cache-Control: no-store keeps nothing, so that " +
                                        std::string(name) + " says nothing");
        }
        add(name);
    }
    for (const auto& [name, time] : kTimes) {
        const auto& value = this->*time;
        if (!value) continue;
        if (no_store || *value < seconds(0)) {
            throw std::invalid_argument("Cache-Control: expected a " + std::string(name) +
                                        " of 0 or more, and no no-store beside it");
        }
        add(name);
        field.append("=").append(std::to_string(value->count()));
    }
    if (field.empty()) throw std::invalid_argument("Cache-Control: expected a directive");
    return field;
}

CacheControl CacheControl::parse(std::string_view field) noexcept {
    CacheControl control;
    while (!field.empty()) {
        const std::string_view directive = take_directive(field);
        const std::size_t equals = directive.find('=');
        const std::string_view name = trim(directive.substr(0, equals));
        for (const auto& [known, flag] : kFlags) {
            if (equal_names(name, known)) control.*flag = true;
        }
        for (const auto& [known, time] : kTimes) {
            if (!equal_names(name, known)) continue;
            const seconds value = equals == std::string_view::npos
                                      ? seconds(0)
                                      : parse_seconds(trim(directive.substr(equals + 1)));
            auto& kept = control.*time;
            kept = kept ? std::min(*kept, value) : value;
        }
    }
    return control;
}

}  // namespace portico::http
