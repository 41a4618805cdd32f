#include <algorithm>
#include <array>
#include <cstddef>

#include "portico/http/file.hpp"

namespace portico::http {

namespace {

struct Known {
    std::string_view extension;
    std::string_view media_type;
};

// In the order of the extensions.
constexpr std::array kKnown{
    Known{"7z", "application/x-7z-compressed"},
    Known{"aac", "audio/aac"},
    Known{"avif", "image/avif"},
    Known{"bmp", "image/bmp"},
    Known{"br", "application/x-br"},
    Known{"bz2", "application/x-bzip2"},
    Known{"css", "text/css; charset=utf-8"},
    Known{"csv", "text/csv; charset=utf-8"},
    Known{"doc", "application/msword"},
    Known{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    Known{"epub", "application/epub+zip"},
    Known{"flac", "audio/flac"},
    Known{"gif", "image/gif"},
    Known{"gz", "application/gzip"},
    Known{"htm", "text/html; charset=utf-8"},
    Known{"html", "text/html; charset=utf-8"},
    Known{"ico", "image/vnd.microsoft.icon"},
    Known{"ics", "text/calendar; charset=utf-8"},
    Known{"jpeg", "image/jpeg"},
    Known{"jpg", "image/jpeg"},
    Known{"js", "text/javascript; charset=utf-8"},
    Known{"json", "application/json"},
    Known{"jsonl", "application/jsonl"},
    Known{"m4a", "audio/mp4"},
    Known{"map", "application/json"},
    Known{"md", "text/markdown; charset=utf-8"},
    Known{"mjs", "text/javascript; charset=utf-8"},
    Known{"mov", "video/quicktime"},
    Known{"mp3", "audio/mpeg"},
    Known{"mp4", "video/mp4"},
    Known{"odt", "application/vnd.oasis.opendocument.text"},
    Known{"ogg", "audio/ogg"},
    Known{"otf", "font/otf"},
    Known{"pdf", "application/pdf"},
    Known{"png", "image/png"},
    Known{"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    Known{"svg", "image/svg+xml"},
    Known{"tar", "application/x-tar"},
    Known{"tif", "image/tiff"},
    Known{"tiff", "image/tiff"},
    Known{"ttf", "font/ttf"},
    Known{"txt", "text/plain; charset=utf-8"},
    Known{"wasm", "application/wasm"},
    Known{"wav", "audio/wav"},
    Known{"webm", "video/webm"},
    Known{"webmanifest", "application/manifest+json"},
    Known{"webp", "image/webp"},
    Known{"woff", "font/woff"},
    Known{"woff2", "font/woff2"},
    Known{"xls", "application/vnd.ms-excel"},
    Known{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    Known{"xml", "application/xml"},
    Known{"yaml", "application/yaml"},
    Known{"yml", "application/yaml"},
    Known{"zip", "application/zip"},
    Known{"zst", "application/zstd"},
};
static_assert(std::ranges::is_sorted(kKnown, {}, &Known::extension));

constexpr std::size_t kLongest = 11;

}  // namespace

std::string_view guess_media_type(std::string_view filename) noexcept {
    constexpr std::string_view kUnknown = "application/octet-stream";
    const std::size_t dot = filename.find_last_of("./");
    if (dot == std::string_view::npos || filename[dot] == '/') return kUnknown;
    const std::string_view written = filename.substr(dot + 1);
    std::array<char, kLongest> lower{};
    if (written.size() > lower.size()) return kUnknown;
    std::ranges::transform(written, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const std::string_view extension(lower.data(), written.size());
    const auto* const found = std::ranges::lower_bound(kKnown, extension, {}, &Known::extension);
    return found != kKnown.end() && found->extension == extension ? found->media_type : kUnknown;
}

}  // namespace portico::http
