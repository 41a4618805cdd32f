#pragma once

#include <chrono>
#include <string_view>

namespace reference {

inline constexpr std::string_view kVersion = "0.1.0";

/// When the program began to serve.
struct StartTime {
    std::chrono::steady_clock::time_point at;
};

}  // namespace reference
