#pragma once

#include <string_view>
#include <vector>

#include "portico/app/route_options.hpp"
#include "portico/app/upload_file.hpp"
#include "portico/http/media_type.hpp"
#include "portico/http/multipart.hpp"
#include "portico/http/name_value.hpp"
#include "portico/http/request.hpp"

namespace portico::app {

/// A form that was read: its fields and files, each in the order of the body.
struct FormData {
    struct File {
        std::string_view name;
        UploadFile file;
        std::size_t fields_before;  ///< Which of `fields` came before it.
    };

    std::vector<http::NameValue> fields;
    std::vector<File> files;
};

/// The form in a body that is in memory as a whole; what is no form has no fields, as in FastAPI.
/// Its files are left out: routes with files read multipart bodies with `FormReader`. Throws an
/// `HTTPException` (400).
[[nodiscard]] FormData read_form(const http::Request& request, std::string_view body,
                                 const FormOptions& options);

/// Throws an `HTTPException` (415) unless the charset is UTF-8 or unsaid. RFC 8259 §8.1 and WHATWG
/// URL §5.1 know no other; to guess would be to read another text than was sent.
void check_charset(const http::MediaType& type);

[[nodiscard]] bool is_multipart(const http::Request& request);

[[nodiscard]] http::MultipartLimits limits_of(const FormOptions& options);

}  // namespace portico::app
