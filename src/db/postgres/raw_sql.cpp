#include "db/postgres/raw_sql.hpp"

#include <algorithm>
#include <array>

namespace portico::db::postgres {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// The next word in lower case, past spaces, comments and opening parentheses; what is longer than
// any that we know is cut.
std::string_view next_word(std::string_view& text, std::array<char, 16>& buffer) {
    for (;;) {
        const auto start = text.find_first_not_of(" \t\r\n\f(;");
        text.remove_prefix(start == std::string_view::npos ? text.size() : start);
        const std::string_view end = text.starts_with("--")   ? "\n"
                                     : text.starts_with("/*") ? "*/"
                                                              : "";
        if (end.empty()) break;
        const auto found = text.find(end);
        text.remove_prefix(found == std::string_view::npos ? text.size() : found + end.size());
    }
    std::size_t size = 0;
    while (size < text.size() && is_letter(text[size])) ++size;
    const std::size_t kept = std::min(size, buffer.size());
    for (std::size_t i = 0; i < kept; ++i) {
        buffer[i] = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] | 32) : text[i];
    }
    text.remove_prefix(size);
    return {buffer.data(), kept};
}

constexpr std::string_view kReading[]{"select", "with", "values", "table", "show", "explain"};
constexpr std::string_view kForbidden[]{"begin",      "start",     "commit",  "end",     "rollback",
                                        "abort",      "savepoint", "release", "prepare", "execute",
                                        "deallocate", "discard",   "reset",   "listen",  "unlisten",
                                        "copy",       "declare",   "load"};

}  // namespace

RawSql classify(std::string_view text) noexcept {
    std::array<char, 16> buffer;
    const std::string_view word = next_word(text, buffer);
    if (std::ranges::find(kReading, word) != std::end(kReading)) return RawSql::may_read;
    if (std::ranges::find(kForbidden, word) != std::end(kForbidden)) return RawSql::forbidden;
    // What lasts for the transaction is the session's own.
    if (word == "set") {
        const std::string_view scope = next_word(text, buffer);
        return scope == "local" || scope == "constraints" ? RawSql::writes : RawSql::forbidden;
    }
    return RawSql::writes;
}

}  // namespace portico::db::postgres
