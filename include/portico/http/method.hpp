#pragma once

#include <cstdint>
#include <string_view>

namespace portico::http {

/// Request methods (RFC 9110 §9, RFC 5789). Method names are case-sensitive: "get" is `other`.
enum class Method : std::uint8_t {
    get,
    head,
    post,
    put,
    delete_,
    patch,
    options,
    trace,
    connect,
    other
};

/// How many methods a route can be registered for: all but `other`.
inline constexpr int kMethodCount = 9;

[[nodiscard]] Method parse_method(std::string_view text) noexcept;
/// "GET"; for `other` an empty text: ask `Request::method_name`.
[[nodiscard]] std::string_view to_string(Method method) noexcept;

}  // namespace portico::http
