#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "portico/core/task.hpp"
#include "portico/http/cookie.hpp"
#include "portico/http/headers.hpp"

namespace portico::http {

/// A body made piece by piece. The engine asks for a piece when the client has taken the last one
/// (back-pressure), and destroys it after the last, or when the client goes away.
class BodyStream {
public:
    virtual ~BodyStream() = default;
    /// The next piece; nothing at the end. An exception cuts the connection: the status is sent.
    [[nodiscard]] virtual core::Task<std::optional<std::string>> next() = 0;
    /// Awaited before a stream is destroyed that was asked for a piece and is not at its end: the
    /// client is gone, say. What it has started is over then. A stream around another passes it on.
    [[nodiscard]] virtual core::Task<void> close();
    /// When known: sent as `Content-Length`; otherwise the body is chunked.
    [[nodiscard]] virtual std::optional<std::uint64_t> length() const { return {}; }
};

/// A status, header fields, a body.
///
///     return Response(418, "short and stout", "text/plain; charset=utf-8");
///     response.headers.set("ETag", etag);  response.set_cookie({.name = "theme", .value =
///     "dark"});
class Response {
public:
    /// Bytes that live as long as the program, such as an embedded file: never copied.
    struct StaticBody {
        std::string_view bytes;
    };
    using Body = std::variant<std::string, StaticBody, std::unique_ptr<BodyStream>>;

    Response() = default;
    explicit Response(int status_code) : status(status_code) {}
    Response(int status_code, std::string body_text, std::string_view content_type);
    Response(int status_code, std::unique_ptr<BodyStream> stream, std::string_view content_type);

    int status = 200;
    Headers headers;
    Body body;

    /// The body as text that can be written to: what it held before is dropped unless it was text.
    [[nodiscard]] std::string& text();
    /// The bytes of a body that is no stream.
    [[nodiscard]] std::string_view bytes() const noexcept;
    [[nodiscard]] bool is_stream() const noexcept;
    /// For bodies that are no stream, and streams that know it.
    [[nodiscard]] std::optional<std::uint64_t> length() const;

    void set_content_type(std::string_view media_type) { headers.set("Content-Type", media_type); }
    void set_cookie(const Cookie& cookie);
    /// Tells the client to forget a cookie; name, path and domain must be those it was set with.
    void delete_cookie(const Cookie& cookie);

    /// 200, no fields, no body; memory is kept.
    void reset() noexcept;
};

/// 307 by default: method and body are kept (RFC 9110 §15.4.8). `location` is percent-encoded where
/// it must be; CR and LF can't get through.
[[nodiscard]] Response redirect(std::string_view location, int status = 307);

}  // namespace portico::http
