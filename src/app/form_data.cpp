#include "app/form_data.hpp"

#include "portico/app/exceptions.hpp"
#include "portico/http/form.hpp"

namespace portico::app {
void check_charset(const http::MediaType& type) {
    const auto charset = type.parameter("charset");
    if (!charset || http::equal_names(*charset, "utf-8") || http::equal_names(*charset, "utf8") ||
        http::equal_names(*charset, "us-ascii")) {
        return;
    }
    throw HTTPException(415);
}

bool is_multipart(const http::Request& request) {
    const auto type = http::MediaType::parse(request.header("Content-Type"));
    if (!type || !type->matches("multipart/form-data")) return false;
    check_charset(*type);
    return true;
}

http::MultipartLimits limits_of(const FormOptions& options) {
    return {.max_files = options.max_files,
            .max_fields = options.max_fields,
            .max_field_size = options.max_part_size,
            .max_fields_size = 4 * options.max_part_size};
}

FormData read_form(const http::Request& request, std::string_view body,
                   const FormOptions& options) {
    FormData form;
    const auto field = request.header("Content-Type");
    const auto type = http::MediaType::parse(field);
    if (!type) return form;
    if (type->matches("application/x-www-form-urlencoded")) {
        check_charset(*type);
        auto pairs = http::parse_form(
            body, request.arena(),
            {.max_fields = options.max_fields, .max_field_size = options.max_part_size});
        if (!pairs) throw HTTPException(400, pairs.error().detail);
        form.fields = *std::move(pairs);
    } else if (is_multipart(request)) {
        if (body.empty() && http::multipart_boundary(field)) return form;
        const auto parts = http::parse_multipart(body, field, request.arena(), limits_of(options));
        if (!parts) throw HTTPException(400, parts.error().detail);
        for (const auto& part : *parts) {
            if (!part.filename) form.fields.push_back({part.name, part.data});
        }
    }
    return form;
}

}  // namespace portico::app
