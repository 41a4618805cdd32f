#include "portico/middleware/compression.hpp"

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "middleware/field_list.hpp"
#include "middleware/gzip.hpp"
#include "portico/http/etag.hpp"
#include "portico/http/media_type.hpp"

namespace portico::middleware {
namespace {

using http::equal_names;

constexpr std::string_view kCoding = "gzip";
constexpr std::array<std::string_view, 1> kOffers{kCoding};

bool starts_with_name(std::string_view text, std::string_view prefix) noexcept {
    return text.size() >= prefix.size() && equal_names(text.substr(0, prefix.size()), prefix);
}

// What is compressed by nature would only cost time; an event stream must not wait for a block.
bool is_compressible(std::string_view content_type) noexcept {
    static constexpr std::array<std::string_view, 10> kCompressed{
        "application/zip", "application/gzip",    "application/x-gzip",          "application/zstd",
        "application/pdf", "application/x-bzip2", "application/x-7z-compressed", "application/x-xz",
        "font/woff",       "font/woff2"};
    const auto type = detail::take_member(content_type, ';');
    if (equal_names(type, "text/event-stream")) return false;
    if (starts_with_name(type, "image/")) {
        return equal_names(type, "image/svg+xml") || equal_names(type, "image/bmp");
    }
    if (starts_with_name(type, "video/") || starts_with_name(type, "audio/")) return false;
    for (const auto compressed : kCompressed) {
        if (equal_names(type, compressed)) return false;
    }
    return true;
}

bool names_directive(std::string_view list, std::string_view directive) noexcept {
    while (!list.empty()) {
        if (equal_names(detail::take_member(list), directive)) return true;
    }
    return false;
}

bool may_transform(const http::Response& response) noexcept {
    // 206: a range of the plain bytes. 204 and 304 have no body; 1xx are no final responses.
    if (response.status < 200 || response.status == 204 || response.status == 206 ||
        response.status == 304) {
        return false;
    }
    return !response.headers.contains("Content-Encoding") &&
           !names_directive(response.headers.value_or_empty("Cache-Control"), "no-transform") &&
           is_compressible(response.headers.value_or_empty("Content-Type"));
}

// RFC 9110 §8.8.1: a weak validator may stand for several representations, so it stays.
void mark_etag(http::Headers& headers) {
    const auto etag = headers.get("ETag");
    if (!etag || !etag->starts_with('"')) return;
    headers.set("ETag", http::etag_for_encoding(*etag, kCoding));
}

// RFC 9110 §15.4.5: a 304 has the ETag "that would have been sent in a 200". The client named it.
void mark_not_modified(const http::Request& request, http::Headers& headers) {
    const auto etag = headers.get("ETag");
    if (!etag || !etag->starts_with('"')) return;
    const std::string marked = http::etag_for_encoding(*etag, kCoding);
    if (request.header("If-None-Match").find(marked) != std::string_view::npos) {
        headers.set("ETag", marked);
    }
}

bool compress(http::Response& response, int level) {
    if (auto* stream = std::get_if<std::unique_ptr<http::BodyStream>>(&response.body)) {
        auto compressed = detail::gzip_stream(*stream, level);
        if (!compressed) return false;
        response.body = std::move(compressed);
        return true;
    }
    if (auto* fixed = std::get_if<http::Response::StaticBody>(&response.body)) {
        const auto compressed = detail::gzip_static(fixed->bytes);
        if (compressed) fixed->bytes = *compressed;
        return compressed.has_value();
    }
    auto compressed = detail::gzip(response.bytes(), level);
    if (!compressed) return false;
    response.body = *std::move(compressed);
    return true;
}

}  // namespace

CompressionMiddleware::CompressionMiddleware(CompressionOptions options) : options_(options) {
    if (options.level < 1 || options.level > 9) {
        throw std::invalid_argument("compression: expected a level in 1–9");
    }
}

void CompressionMiddleware::on_response(http::Exchange& exchange) {
    http::Response& response = exchange.response;
    if (response.status == 304) {
        // RFC 9110 §15.4.5: and the Vary. Whether the 200 would have had it is known no more; a
        // cache that varies needlessly is not wrong.
        response.headers.merge("Vary", "Accept-Encoding");
        mark_not_modified(exchange.request, response.headers);
        return;
    }
    const auto length = response.length();
    if (length && *length < options_.minimum_size) return;
    const bool once = std::holds_alternative<http::Response::StaticBody>(response.body);
    if (length && *length > options_.maximum_size && !once) return;
    if (!may_transform(response)) return;

    response.headers.merge("Vary", "Accept-Encoding");
    const auto accepted = exchange.request.header("Accept-Encoding");
    if (!http::negotiate_encoding(accepted, kOffers)) return;
    if (!compress(response, options_.level)) return;
    response.headers.set("Content-Encoding", kCoding);
    response.headers.remove("Content-Length");
    response.headers.remove("Accept-Ranges");
    mark_etag(response.headers);
}

}  // namespace portico::middleware
