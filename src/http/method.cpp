#include "portico/http/method.hpp"

#include <array>
#include <cstddef>

namespace portico::http {

namespace {

constexpr std::array<std::string_view, kMethodCount> kNames = {
    "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"};

}  // namespace

Method parse_method(std::string_view text) noexcept {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames[i] == text) return static_cast<Method>(i);
    }
    return Method::other;
}

std::string_view to_string(Method method) noexcept {
    return method == Method::other ? std::string_view{} : kNames[static_cast<std::size_t>(method)];
}

}  // namespace portico::http
