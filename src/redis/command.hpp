#pragma once

#include <span>
#include <string>
#include <string_view>

#include "portico/redis/argument.hpp"

namespace portico::redis {

/// The head of a command of so many words, then each word (RESP: an array of bulk strings).
void write_head(std::string& out, std::size_t words);
void write_word(std::string& out, std::string_view word);
void write_command(std::string& out, std::span<const Argument> words);

/// Throws `std::logic_error` for a command that would change the connection for all who share it,
/// or hold it up; and for no command at all.
void require_shareable(std::span<const Argument> words);

}  // namespace portico::redis
