#include "portico/app/file_response.hpp"

#include <system_error>
#include <utility>

#include "app/absence.hpp"

namespace portico::app {

namespace {

http::File open_or_throw(const std::string& path) {
    auto file = http::File::open(path);
    if (!file) throw std::system_error(file.error(), "can't send the file " + path);
    return *std::move(file);
}

}  // namespace

FileResponse::FileResponse(http::File opened, const std::string& path,
                           http::FileOptions its_options)
    : file(std::move(opened)), options(std::move(its_options)) {
    if (options.media_type.empty()) {
        options.media_type =
            http::guess_media_type(options.filename.empty() ? path : options.filename);
    }
}

FileResponse::FileResponse(const std::string& path, http::FileOptions its_options)
    : FileResponse(open_or_throw(path), path, std::move(its_options)) {}

std::optional<FileResponse> FileResponse::find(const std::string& path, http::FileOptions options) {
    auto file = http::File::open(path);
    if (file) return FileResponse(*std::move(file), path, std::move(options));
    if (is_absence(file.error())) return std::nullopt;
    throw std::system_error(file.error(), "can't send the file " + path);
}

}  // namespace portico::app
