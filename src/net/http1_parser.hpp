#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "portico/http/headers.hpp"

namespace portico::net {

/// The bounds of a request's head.
struct HeadLimits {
    std::size_t target = 8 * 1024;  ///< More: 414.
    std::size_t head = 16 * 1024;   ///< Request line and fields: more: 431.
    std::size_t fields = 100;       ///< More: 431.
};

/// What the head of a request says about its message. Views lie in the parsed text.
struct RequestHead {
    std::string_view method;
    /// Origin or asterisk form, whatever form was sent: "http://a/b?c" gives "/b?c". Of
    /// "http://a?c" it is "?c": the path is empty, which means "/" (RFC 9110 §4.2.3).
    std::string_view target;
    /// The authority of the target URI; empty in an HTTP/1.0 request without one.
    std::string_view host;
    std::string_view request_id;  ///< X-Request-ID, unchecked.
    int minor_version = 1;
    /// Nothing: no body, or a chunked one.
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    /// The connection may be used again afterwards.
    bool keep_alive = true;
    bool expect_continue = false;
    bool upgrade = false;  ///< `Connection` has "upgrade".
};

/// Reads the head of one HTTP/1.1 request, strictly (RFC 9112).
///
/// Feed it the same text, longer each time, until it is `complete` or `refused`; a line is looked
/// at again only when its end has come, so that a client which sends single bytes costs no more
/// than others. Allocates nothing but the fields' table.
///
///     Http1Parser parser{limits};
///     switch (parser.parse(buffer, request.mutable_headers())) { … }
class Http1Parser {
public:
    enum class Status : std::uint8_t { need_more, complete, refused };

    /// Why a head was refused: what the client is told. `phrase` has static lifetime; empty: that
    /// of the status.
    struct Error {
        int status = 400;
        std::string_view phrase;
    };

    explicit Http1Parser(const HeadLimits& limits) noexcept : limits_(limits) {}

    /// `text` starts at the request's first byte; it may have moved since the last call.
    [[nodiscard]] Status parse(std::string_view text, http::HeaderView& fields);

    /// After `complete`: valid until the text moves.
    [[nodiscard]] const RequestHead& head() const noexcept { return head_; }
    /// After `refused` or before the end: the method and the request id, where they have come.
    [[nodiscard]] RequestHead so_far(std::string_view text) const noexcept;
    /// After `complete`: bytes from the start of the text to the end of the empty line.
    [[nodiscard]] std::size_t head_size() const noexcept { return line_; }
    [[nodiscard]] const Error& error() const noexcept { return error_; }

    void reset() noexcept;

private:
    enum class Line : std::uint8_t { request, field };
    struct Range {
        std::uint32_t begin = 0;
        std::uint32_t size = 0;
        [[nodiscard]] std::string_view of(const char* text) const noexcept {
            return {text + begin, size};
        }
    };

    [[nodiscard]] Status refuse(int status, std::string_view phrase) noexcept;
    [[nodiscard]] Status need_more(std::string_view text) noexcept;
    [[nodiscard]] Status parse_request_line(const char* base, const char* end);
    [[nodiscard]] Status parse_field(const char* base, const char* end, http::HeaderView& fields);
    [[nodiscard]] Status note_field(std::string_view name, const char* base, Range value);
    [[nodiscard]] Status finish(const char* base);

    [[nodiscard]] Status check_target(const char* base);
    [[nodiscard]] Status note_content_length(std::string_view value);
    [[nodiscard]] Status note_transfer_encoding(std::string_view value);
    [[nodiscard]] Status note_expect(std::string_view value);
    void note_connection(std::string_view value) noexcept;

    HeadLimits limits_;
    Line state_ = Line::request;
    bool line_incomplete_ = false;
    bool skipped_empty_line_ = false;
    bool has_host_ = false;
    bool has_absolute_target_ = false;
    bool has_transfer_encoding_ = false;
    bool says_close_ = false;
    bool says_keep_alive_ = false;
    std::size_t line_ = 0;     ///< Where the line that is read next starts.
    std::size_t scanned_ = 0;  ///< Up to here there is no end of that line.
    std::size_t fields_ = 0;
    Range method_;
    Range target_;
    Range host_;
    Range request_id_;
    RequestHead head_;
    Error error_;
};

/// A "host" or "host:port" of RFC 3986 §3.2, without userinfo.
[[nodiscard]] bool is_authority(std::string_view text) noexcept;

}  // namespace portico::net
