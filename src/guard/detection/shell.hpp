#pragma once

#include <string_view>

#include "guard/detection/automaton.hpp"

namespace portico::guard::detail {

/// Whether a shell would run a command here, and nobody would write so in a sentence. `text` begins
/// with what ends the command in front: "; cat /etc/hosts", "$(w\'h\'oami)".
[[nodiscard]] bool is_shell_command(std::string_view text, Budget& budget);

/// The same for a text that is a command line by itself: "cat /etc/hosts". It needs an argument
/// that is none of a sentence.
[[nodiscard]] bool is_command_line(std::string_view text, Budget& budget);

}  // namespace portico::guard::detail
