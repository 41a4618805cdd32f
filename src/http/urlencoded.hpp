#pragma once

#include <string_view>
#include <vector>

#include "portico/core/arena.hpp"
#include "portico/http/name_value.hpp"

namespace portico::http {

/// "a=1&b=2" as pairs, appended to `out`: plus is a space, an invalid escape stays as it is, a
/// piece without "=" has an empty value, an empty piece is passed over. What must be decoded is put
/// into the arena. False when there are more than `most` pairs: the first `most` are in `out`.
[[nodiscard]] bool parse_urlencoded(std::string_view text, std::size_t most, core::Arena& arena,
                                    std::vector<NameValue>& out);

}  // namespace portico::http
