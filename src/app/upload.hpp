#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "app/spool.hpp"
#include "portico/http/headers.hpp"

namespace portico::app {

/// What an `UploadFile` refers to.
struct Upload {
    std::string filename;
    std::string content_type;
    http::Headers headers;
    std::uint64_t size = 0;
    std::uint64_t position = 0;
    core::Executor* executor = nullptr;  ///< Null: made by a test.
    std::string memory;                  ///< The content, unless it is spooled.
    std::shared_ptr<Spool> spool;        ///< Not null: the content is there, at `offset`.
    std::uint64_t offset = 0;
};

}  // namespace portico::app
