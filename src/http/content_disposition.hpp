#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "portico/http/form.hpp"

namespace portico::http {

/// What a part's `Content-Disposition` says (RFC 7578 §4.2).
struct Disposition {
    std::string name;
    std::optional<std::string> filename;  ///< The last component alone.
};

[[nodiscard]] std::expected<Disposition, FormError> parse_form_disposition(std::string_view field);

}  // namespace portico::http
