#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "portico/core/arena.hpp"
#include "portico/http/form.hpp"
#include "portico/http/headers.hpp"

namespace portico::http {

/// Bounds of a multipart/form-data body. Files are bounded by the route's `max_body` alone.
struct MultipartLimits {
    std::size_t max_files = 1000;
    std::size_t max_fields = 1000;
    std::size_t max_field_size = std::size_t{1024} * 1024;   ///< Bytes of a part that is no file.
    std::size_t max_fields_size = std::size_t{4096} * 1024;  ///< Of all these parts together.
    std::size_t max_part_head = std::size_t{8} * 1024;       ///< Bytes of a part's header fields.
};

/// The start of a part (RFC 7578 §4). Views are valid during `MultipartSink::part_begin`.
struct PartHead {
    std::string_view name;
    /// Nothing: a plain field. Otherwise a file, whose name is the last component of what was sent:
    /// no slash, no backslash, not "." or "..", no control character. Empty: the user chose none.
    std::optional<std::string_view> filename;
    /// As sent; empty when it was not.
    std::string_view content_type;
    /// All fields of the part's head.
    const HeaderView& headers;
};

/// Who takes the parts. The calls for one part are `part_begin`, any number of `part_data`,
/// `part_end`; after an error there are no more calls.
class MultipartSink {
public:
    virtual ~MultipartSink() = default;
    virtual void part_begin(const PartHead& head) = 0;
    /// The next bytes, never empty; valid during the call.
    virtual void part_data(std::string_view bytes) = 0;
    virtual void part_end() = 0;
};

/// The boundary that a `Content-Type` field of multipart/form-data names (RFC 2046 §5.1.1).
[[nodiscard]] std::expected<std::string, FormError> multipart_boundary(
    std::string_view content_type);

/// Reads multipart/form-data (RFC 7578) piece by piece, as the body comes in.
///
/// It is strict where readers differ, so that nobody in front of it saw another form: no text
/// before the first boundary, CRLF alone, no folded lines, no repeated parameters, no transfer
/// encodings. Keeps at most a part's head or a boundary's length in memory. Not thread-safe.
///
///     MultipartParser parser{boundary, sink};
///     while (auto piece = co_await request.read_some(); !piece.empty()) {
///         if (auto ok = parser.push(piece); !ok) throw HTTPException(400, ok.error().detail);
///     }
///     if (auto ok = parser.finish(); !ok) …
class MultipartParser {
public:
    /// `boundary` as `multipart_boundary` returns it; `sink` must outlive the parser.
    MultipartParser(std::string_view boundary, MultipartSink& sink,
                    const MultipartLimits& limits = {});

    /// An error ends the reading: later calls return it again.
    [[nodiscard]] std::expected<void, FormError> push(std::string_view bytes);
    /// The body is over: it must have ended with the closing boundary.
    [[nodiscard]] std::expected<void, FormError> finish();

private:
    enum class State : std::uint8_t { start, delimiter, head, data, epilogue, failed };

    [[nodiscard]] std::size_t parse(std::string_view in);
    [[nodiscard]] std::size_t read_start(std::string_view in);
    [[nodiscard]] std::size_t read_delimiter(std::string_view in);
    [[nodiscard]] std::size_t read_head(std::string_view in);
    [[nodiscard]] std::size_t read_data(std::string_view in);
    void read_head_line(std::string_view line);
    void begin_part();
    void emit(std::string_view bytes);
    std::size_t fail(std::string detail);

    MultipartSink& sink_;
    MultipartLimits limits_;
    std::string delimiter_;  // CRLF "--" boundary
    State state_ = State::start;
    bool is_file_ = false;
    bool at_data_start_ = false;
    std::size_t files_ = 0;
    std::size_t fields_ = 0;
    std::size_t part_size_ = 0;
    std::size_t fields_size_ = 0;
    std::size_t head_size_ = 0;
    Headers head_;
    std::string pending_;  // what could not be read without more
    FormError error_;
};

/// A part of a form that is in memory as a whole.
struct FormPart {
    std::string_view name;
    std::optional<std::string_view> filename;  ///< As in `PartHead`.
    std::string_view content_type;
    std::string_view data;
};

/// All parts of a multipart/form-data body, in order. The data are views of `body`, the rest lies
/// in `arena`.
[[nodiscard]] std::expected<std::vector<FormPart>, FormError> parse_multipart(
    std::string_view body, std::string_view content_type, core::Arena& arena,
    const MultipartLimits& limits = {});

}  // namespace portico::http
