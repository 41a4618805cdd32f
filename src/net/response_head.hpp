#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "portico/http/response.hpp"

namespace portico::net {

/// How the end of a response's body is told.
enum class Framing : std::uint8_t {
    none,     ///< There is no body and nothing tells a length: 204, 304.
    length,   ///< Content-Length.
    chunked,  ///< Transfer-Encoding: chunked.
    close,    ///< By the end of the connection: HTTP/1.0.
};

/// What the connection adds to a response's own fields.
struct HeadExtras {
    Framing framing = Framing::length;
    std::uint64_t content_length = 0;
    std::string_view date;
    bool close = false;
    /// An HTTP/1.0 client must be told that the connection stays.
    bool keep_alive_1_0 = false;
};

/// Appends the status line, the fields and the empty line. Framing and connection fields of the
/// response itself are left out: the connection alone knows what is true of them.
void append_head(std::string& out, const http::Response& response, const HeadExtras& extras);

/// Appends a chunk's size line (RFC 9112 §7.1).
void append_chunk_size(std::string& out, std::size_t size);

/// The response names "close" in a `Connection` field.
[[nodiscard]] bool asks_to_close(const http::Headers& headers) noexcept;

}  // namespace portico::net
