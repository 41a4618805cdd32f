#pragma once

#include <cstdint>
#include <string_view>

namespace portico::db::postgres {

/// What the first word of a program's own SQL says about it.
enum class RawSql : std::uint8_t {
    may_read,   ///< SELECT and what is like it: the server decides whether it writes.
    writes,     ///< Anything else.
    forbidden,  ///< It would end the session's transaction, or change the connection for others.
};

[[nodiscard]] RawSql classify(std::string_view text) noexcept;

}  // namespace portico::db::postgres
