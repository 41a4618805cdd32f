#pragma once

#include <cstddef>

#include "portico/http/middleware.hpp"

namespace portico::middleware {

struct CompressionOptions {
    /// Smaller bodies are sent as they are: a packet is a packet.
    std::size_t minimum_size = 1000;
    /// Larger ones too: they would hold up the loop (1 MiB of JSON takes about 10 ms).
    std::size_t maximum_size = std::size_t{4} << 20;
    /// zlib's, 1 (fast) to 9 (small).
    int level = 6;
};

/// Compresses response bodies with gzip where the client's `Accept-Encoding` says that it would
/// rather have them so (RFC 9110 §12.5.3), `Vary: Accept-Encoding` included.
///
/// Left alone: small bodies, event streams, what is encoded already, media that is compressed by
/// nature (images, video, archives), partial content, and `Cache-Control: no-transform`. Streams
/// are compressed piece by piece, each piece whole at the client. Embedded files are compressed
/// once.
///
/// A strong `ETag` gets the suffix `-gzip`, since other bytes are another representation (RFC 9110
/// §8.8.3); the comparisons of `http/etag.hpp` see through it, so conditional requests still work.
///
/// BREACH: a body that holds a secret and repeats what the client sent tells the secret by its
/// size. Leave such responses out with `Cache-Control: no-transform`.
class CompressionMiddleware final : public http::Middleware {
public:
    /// Throws `std::invalid_argument` for a level outside 1–9.
    explicit CompressionMiddleware(CompressionOptions options = {});

    void on_response(http::Exchange& exchange) override;

private:
    CompressionOptions options_;
};

}  // namespace portico::middleware
