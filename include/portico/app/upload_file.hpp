#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "portico/model/type_traits.hpp"

namespace portico::app {

/// A file of a multipart form. Its bytes are in memory, bounded by the route's `max_body`; the
/// views are valid as long as the request.
struct UploadFile {
    std::string_view filename;      ///< Without folders; as the client calls it: do not trust it.
    std::string_view content_type;  ///< As the client says: do not trust it. May be empty.
    std::string_view data;
};

}  // namespace portico::app

/// How the document shows a file.
template <>
struct portico::model::TypeTraits<portico::app::UploadFile> {
    static constexpr std::string_view name = "UploadFile";
    static constexpr std::string_view schema =
        R"({"type":"string","contentMediaType":"application/octet-stream"})";

    static std::expected<app::UploadFile, std::string> parse(std::string_view) {
        return std::unexpected(std::string("a file is uploaded in a multipart form"));
    }
    static std::string print(const app::UploadFile& file) { return std::string(file.filename); }
};
