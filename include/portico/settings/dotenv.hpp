#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace portico::settings {

/// One assignment of a `.env` file.
struct DotenvEntry {
    std::string name;  ///< As written.
    std::string value;
    std::size_t line;  ///< From 1; where the name stands.
};

/// What is wrong with a line of a `.env` file.
struct DotenvError {
    std::size_t line;     ///< From 1.
    std::string message;  ///< "expected NAME=value". Never holds a value: it may be a secret.
};

/// What a `.env` file says, and all that is wrong with it.
struct Dotenv {
    std::vector<DotenvEntry> entries;
    std::vector<DotenvError> errors;
};

/// No file may be larger: a settings file is a page of text.
inline constexpr std::size_t kMostDotenvBytes = std::size_t{1} << 20;

/// Reads the text of a `.env` file, entries in order. Of duplicate names the last one counts: that
/// is the reader's to apply. A line that is wrong is passed over, so that every fault is told; not
/// so behind a quote that is never closed, or in what is no text of at most `kMostDotenvBytes`.
///
///     # a comment                     export NAME=value     NAME=plain text # a comment
///     NAME='literal, may span lines'  NAME="escapes: \n \r \t \\ \" \$, may span lines"
///
/// A plain value ends at the line's end or at a `#` after a space, and is trimmed; a `$` is a `$`:
/// nothing is interpolated. Whatever else is an error: a line that is no assignment, a name with
/// other characters than `[A-Za-z0-9_.-]` or a digit first, an unknown escape, a quote that is not
/// closed, text after a closing quote, a NUL, a text over `kMostDotenvBytes`.
[[nodiscard]] Dotenv parse_dotenv(std::string_view text);

}  // namespace portico::settings
