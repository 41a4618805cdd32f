#pragma once

#include <optional>
#include <string>

#include "portico/http/file.hpp"

namespace portico::app {

/// A file from the disk. It is opened here, once; errors are found here.
///
/// Sent in pieces, with `ETag`, `Last-Modified` and `Accept-Ranges`; conditional requests and
/// ranges are answered (304, 412, 206, 416), see `http::file_response`. Without a `media_type` the
/// extension of `filename`, else of the path, tells it.
///
///     app.get("/report", [] { return FileResponse("report.pdf", {.filename = "März.pdf"}); });
class FileResponse {
public:
    /// Throws `std::system_error` where there is no regular file that can be read: a 500, for the
    /// program said that there is one. Never make the path of what a client sent, unless it is
    /// checked: "../../etc/passwd" is a path too. For such names there is `Directory`.
    explicit FileResponse(const std::string& path, http::FileOptions its_options = {});

    /// Nothing where there is no regular file that may be read: a handler that returns this answers
    /// 404. Throws when the system is out of descriptors or memory.
    [[nodiscard]] static std::optional<FileResponse> find(const std::string& path,
                                                          http::FileOptions options = {});

    /// A file that is open already; `path` tells its media type where nothing else does.
    FileResponse(http::File opened, const std::string& path, http::FileOptions its_options = {});

    http::File file;
    http::FileOptions options;
};

}  // namespace portico::app
