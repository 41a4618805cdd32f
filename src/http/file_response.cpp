#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "http/file_stream.hpp"
#include "portico/core/keyed_hash.hpp"
#include "portico/http/etag.hpp"
#include "portico/http/file.hpp"
#include "portico/http/range.hpp"

namespace portico::http {

namespace {

std::string content_range(const ByteRange& range, std::uint64_t size) {
    return "bytes " + std::to_string(range.offset) + '-' +
           std::to_string(range.offset + range.size - 1) + '/' + std::to_string(size);
}

/// RFC 9110 §13.1.5. Exact: the suffix of a compressed representation is not seen through, for
/// bytes of two representations would be put together.
bool if_range_holds(const Request& request, std::string_view etag, DateTime modified) {
    const auto field = request.headers().get("If-Range");
    if (!field) return true;
    // A weak tag matches nothing; nor does a date while the tag says the file may still change.
    if (etag.starts_with("W/")) return false;
    if (const auto date = parse_date(*field, request.clock().now())) {
        return *date == std::chrono::floor<std::chrono::seconds>(modified);
    }
    return *field == etag;
}

/// RFC 2046 §5.1.1: what no part holds; chance makes sure of it.
std::string make_boundary(std::string_view id) {
    static const core::KeyedHash hash;
    constexpr std::string_view kDigits = "0123456789abcdef";
    const core::Fingerprint fingerprint = hash(id);
    std::string boundary;
    for (const std::uint64_t half : {fingerprint.high, fingerprint.low}) {
        for (unsigned shift = 0; shift < 64; shift += 4) boundary += kDigits[half >> shift & 15];
    }
    return boundary;
}

std::vector<FileSegment> byteranges(const std::vector<ByteRange>& ranges, std::string_view boundary,
                                    std::string_view media_type, std::uint64_t size) {
    std::vector<FileSegment> segments;
    for (const ByteRange& range : ranges) {
        std::string head(segments.empty() ? "--" : "\r\n--");
        head.append(boundary).append("\r\nContent-Type: ").append(media_type);
        head.append("\r\nContent-Range: ").append(content_range(range, size)).append("\r\n\r\n");
        segments.push_back({std::move(head), range});
    }
    segments.push_back({"\r\n--" + std::string(boundary) + "--\r\n", {}});
    return segments;
}

}  // namespace

Response file_response(const Request& request, File file, const FileOptions& options,
                       core::Executor* blocking) {
    const bool is_get = request.method() == Method::get;
    const DateTime modified = file.last_modified();
    const std::uint64_t size = file.size();
    const std::string etag = file.etag(request.clock().now());
    Response response(options.status_code);
    response.headers.set("Last-Modified", format_date(modified));
    response.headers.set("ETag", etag);

    // RFC 9110 §13.2.1: preconditions do not count when "the response ... without those conditions
    // would have been a status code other than a 2xx"; our 200 is the one that they are about.
    const bool conditional =
        options.status_code == 200 && (is_get || request.method() == Method::head);
    if (conditional) {
        switch (evaluate_preconditions(request, {.etag = etag, .last_modified = modified})) {
            case Precondition::proceed:
                break;
            case Precondition::not_modified:
                response.status = 304;
                return response;
            case Precondition::failed:
                return Response(412, "Precondition failed.", "text/plain; charset=utf-8");
        }
    }

    const std::string media_type(options.media_type.empty() ? guess_media_type(options.filename)
                                                            : options.media_type);
    if (!options.filename.empty()) {
        response.headers.set(
            "Content-Disposition",
            content_disposition(options.content_disposition_type, options.filename));
    }
    response.headers.set("Accept-Ranges", "bytes");
    std::vector<FileSegment> segments;
    const auto range = request.headers().get("Range");
    // RFC 9110 §14.2: "A server MUST ignore a Range header field received with a request method
    // that is unrecognized or for which no range handling is defined."
    if (range && conditional && is_get && if_range_holds(request, etag, modified)) {
        const auto ranges = parse_range(*range, size);
        if (!ranges && ranges.error() == RangeError::malformed) {
            return {400, "Malformed range header.", "text/plain; charset=utf-8"};
        }
        if (!ranges) {
            Response refused(416, "Range not satisfiable.", "text/plain; charset=utf-8");
            refused.headers.set("Content-Range", "bytes */" + std::to_string(size));
            return refused;
        }
        if (!ranges->empty()) response.status = 206;
        if (ranges->size() == 1) {
            response.headers.set("Content-Range", content_range(ranges->front(), size));
            segments.push_back({{}, ranges->front()});
        } else if (ranges->size() > 1) {
            const std::string boundary = make_boundary(request.id());
            segments = byteranges(*ranges, boundary, media_type, size);
            response.set_content_type("multipart/byteranges; boundary=" + boundary);
        }
    }
    if (segments.empty()) segments.push_back({{}, {0, size}});
    if (!response.headers.contains("Content-Type")) response.set_content_type(media_type);
    response.body = file_stream(std::move(file), std::move(segments), blocking);
    return response;
}

}  // namespace portico::http
