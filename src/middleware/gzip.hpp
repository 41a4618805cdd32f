#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "portico/http/response.hpp"

namespace portico::middleware::detail {

/// One gzip member (RFC 1952); nothing when it would not be shorter than `text` or memory is out.
[[nodiscard]] std::optional<std::string> gzip(std::string_view text, int level);

/// As `gzip` at the best level, for bytes that live as long as the program: compressed once, kept
/// for good. Nothing as above, and when the bounded store is full.
[[nodiscard]] std::optional<std::string_view> gzip_static(std::string_view text);

/// The pieces of `inner` as one gzip member, each piece flushed so that it arrives when it is made.
/// Null when memory is out.
[[nodiscard]] std::unique_ptr<http::BodyStream> gzip_stream(
    std::unique_ptr<http::BodyStream>& inner, int level);

}  // namespace portico::middleware::detail
