#include "portico/logging/level.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace portico::logging {

std::string_view to_string(Level level) noexcept {
    switch (level) {
        case Level::debug:
            return "DEBUG";
        case Level::info:
            return "INFO";
        case Level::warning:
            return "WARNING";
        case Level::error:
            return "ERROR";
        case Level::critical:
            return "CRITICAL";
        case Level::off:
            return "OFF";
    }
    return "OFF";
}

std::optional<Level> parse_level(std::string_view text) noexcept {
    static constexpr std::array<std::pair<std::string_view, Level>, 8> kNames{{
        {"DEBUG", Level::debug},
        {"INFO", Level::info},
        {"WARNING", Level::warning},
        {"WARN", Level::warning},
        {"ERROR", Level::error},
        {"CRITICAL", Level::critical},
        {"FATAL", Level::critical},
        {"OFF", Level::off},
    }};
    for (const auto& [name, level] : kNames) {
        if (name.size() != text.size()) continue;
        bool equal = true;
        for (std::size_t i = 0; i < name.size(); ++i) {
            const char c = text[i];
            equal = equal && name[i] == (c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
        }
        if (equal) return level;
    }
    return {};
}

}  // namespace portico::logging
