#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "portico/core/executor.hpp"
#include "portico/http/file.hpp"
#include "portico/http/range.hpp"
#include "portico/http/response.hpp"

namespace portico::http {

/// A text, then a part of the file.
struct FileSegment {
    std::string text;
    ByteRange part;
};

/// The segments one after the other. A file that is shorter than it was cuts the connection.
[[nodiscard]] std::unique_ptr<BodyStream> file_stream(File file, std::vector<FileSegment> segments,
                                                      core::Executor* blocking);

}  // namespace portico::http
