#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "portico/core/arena.hpp"
#include "portico/http/name_value.hpp"

namespace portico::http {

/// Why a form can't be read. Answered with 400; `detail` is for the client and holds none of the
/// body's bytes.
struct FormError {
    std::string detail;
};

/// Bounds of an application/x-www-form-urlencoded body.
struct FormLimits {
    std::size_t max_fields = 1000;
    std::size_t max_field_size =
        std::size_t{1024} * 1024;  ///< Bytes of a name with its value, encoded.
};

/// The pairs of an application/x-www-form-urlencoded body (WHATWG URL §5.1), in order: plus is a
/// space, an invalid escape stays as it is, a name without "=" has an empty value.
///
/// The views are of `body` and of `arena`, whichever dies first. Bytes may be any: whoever needs
/// UTF-8 must check it.
[[nodiscard]] std::expected<std::vector<NameValue>, FormError> parse_form(
    std::string_view body, core::Arena& arena, const FormLimits& limits = {});

}  // namespace portico::http
