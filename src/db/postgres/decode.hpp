#pragma once

#include <string>
#include <string_view>

#include "portico/db/value.hpp"

namespace portico::db::postgres {

/// Microseconds from 1970 to 2000, where PostgreSQL's time begins.
inline constexpr std::int64_t kEpoch = 946'684'800'000'000;

/// Whether `decode_binary` knows the type. A row with another is asked for as text.
[[nodiscard]] bool decodes(unsigned oid) noexcept;

/// A value as the protocol sends it in binary. What has no form of its own in a `Value` (dates,
/// UUIDs, numerics) is written to `text`, which the value then refers to. Bytes that are no value
/// of the type are given as text, so that whoever expects a number refuses them.
///
/// | boolean, smallint … bigint | integer                            |
/// | timestamptz                | integer: microseconds since 1970   |
/// | real, double precision     | real                               |
/// | numeric                    | decimal                            |
/// | timestamp, date, time      | text: 2026-01-31T12:00:00.000001   |
/// | bytea                      | bytes                              |
/// | uuid, text, json, jsonb    | text                               |
[[nodiscard]] Value decode_binary(unsigned oid, std::string_view bytes, std::string& text);

/// The same from the text form, with our settings of the session: UTC, ISO dates.
[[nodiscard]] Value decode_text(unsigned oid, std::string_view bytes, std::string& text);

}  // namespace portico::db::postgres
