#include "portico/http/form.hpp"

#include <algorithm>

#include "http/urlencoded.hpp"

namespace portico::http {

std::expected<std::vector<NameValue>, FormError> parse_form(std::string_view body,
                                                            core::Arena& arena,
                                                            const FormLimits& limits) {
    for (std::size_t at = 0; at < body.size();) {
        const std::size_t end = std::min(body.find('&', at), body.size());
        if (end - at > limits.max_field_size) {
            return std::unexpected(FormError{"Field exceeded maximum size of " +
                                             std::to_string(limits.max_field_size / 1024) + "KB."});
        }
        at = end + 1;
    }
    std::vector<NameValue> pairs;
    if (!parse_urlencoded(body, limits.max_fields, arena, pairs)) {
        return std::unexpected(FormError{"Too many fields. Maximum number of fields is " +
                                         std::to_string(limits.max_fields) + "."});
    }
    return pairs;
}

}  // namespace portico::http
