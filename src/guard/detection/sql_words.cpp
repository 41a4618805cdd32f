#include "guard/detection/sql_words.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "guard/detection/bytes.hpp"

namespace portico::guard::detail {
namespace {

/// Functions that are of no use in a value but to an attacker: they wait, read or tell.
constexpr auto kFunctions = std::to_array<std::string_view>({
    "ascii",        "benchmark",    "bin",          "cast",        "char",          "char_length",
    "chr",          "coalesce",     "concat",       "concat_ws",   "connection_id", "conv",
    "convert",      "count",        "current_user", "database",    "db_name",       "dbms_pipe",
    "elt",          "exists",       "extractvalue", "floor",       "group_concat",  "hex",
    "host_name",    "if",           "ifnull",       "iif",         "instr",         "is_member",
    "json_extract", "json_keys",    "left",         "len",         "length",        "load_file",
    "locate",       "lower",        "lpad",         "make_set",    "md5",           "mid",
    "name_const",   "nullif",       "nvl",          "ord",         "pg_sleep",      "position",
    "quote",        "rand",         "randomblob",   "right",       "row",           "row_count",
    "schema",       "session_user", "sha1",         "sleep",       "space",         "strcmp",
    "substr",       "substring",    "suser_name",   "system_user", "to_char",       "tojson",
    "typeof",       "unhex",        "unicode",      "updatexml",   "upper",         "user",
    "user_name",    "utl_http",     "utl_inaddr",   "uuid",        "version",       "xmltype",
});
static_assert(std::ranges::is_sorted(kFunctions));

/// What "drop" and "create" are followed by in SQL, and seldom in prose.
constexpr auto kObjects = std::to_array<std::string_view>({
    "aggregate",  "column", "database",  "domain",  "extension", "function", "index",  "login",
    "or",         "proc",   "procedure", "role",    "schema",    "sequence", "server", "table",
    "tablespace", "temp",   "temporary", "trigger", "type",      "user",     "view",
});
static_assert(std::ranges::is_sorted(kObjects));

bool is_in(std::span<const std::string_view> words, std::string_view word) {
    std::array<char, 16> folded;
    if (word.size() > folded.size()) return false;
    std::ranges::transform(word, folded.begin(), lower);
    return std::ranges::binary_search(words, std::string_view(folded.data(), word.size()));
}

}  // namespace

bool is_sql_function(std::string_view word) noexcept {
    return is_in(kFunctions, word);
}

bool is_sql_object(std::string_view word) noexcept {
    return is_in(kObjects, word);
}

}  // namespace portico::guard::detail
