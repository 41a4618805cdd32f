#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace portico::logging {

/// How much a line matters. A logger writes the lines at its level and above.
enum class Level : std::uint8_t {
    debug,     ///< For the developer of the code that logs.
    info,      ///< The ordinary course: start, stop, a request served.
    warning,   ///< Something to look at; the program copes.
    error,     ///< A request or a job failed.
    critical,  ///< The program can't go on as it should.
    off,       ///< As a logger's level: nothing. No line has it.
};

/// "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "OFF".
[[nodiscard]] std::string_view to_string(Level level) noexcept;

/// The names of `to_string` in any case, and "WARN" and "FATAL". Nothing for another text.
[[nodiscard]] std::optional<Level> parse_level(std::string_view text) noexcept;

}  // namespace portico::logging
