#pragma once

#include <cstdint>
#include <string_view>

namespace portico::guard::detail {

enum class ShellWord : std::uint8_t {
    none,
    vague,  ///< A command, and a word of English or the name of something that people write about.
    sure,   ///< A command, of which people write.
    odd,    ///< A command, of which few people know.
};

/// What a word is to a shell of Unix or Windows; in small letters, without a path or ".exe".
[[nodiscard]] ShellWord shell_word(std::string_view word) noexcept;

/// Runs the command that its arguments are: "sudo", "env".
[[nodiscard]] bool runs_another(std::string_view word) noexcept;

}  // namespace portico::guard::detail
