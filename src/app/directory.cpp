#include "portico/app/directory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "app/absence.hpp"

#include "portico/app/exceptions.hpp"
#include "portico/app/parameters.hpp"
#include "portico/http/url.hpp"

namespace portico::app {
namespace {

constexpr std::string_view kIndex = "index.html";

bool is_hidden(std::string_view path) {
    return path.starts_with('.') || path.find("/.") != path.npos;
}

using Found = std::variant<FileResponse, Redirect>;

Found answer(const Directory& directory, const http::Request& request, std::string_view path) {
    if (auto file = directory.find(path)) return *std::move(file);
    if (directory.options().html) {
        if (!path.empty() && !path.ends_with('/') && directory.has_index(path)) {
            // Relative, so that neither a proxy's prefix nor a forged host matters (RFC 3986 §5.3).
            std::string location = "./";
            location += http::percent_encode(path.substr(path.rfind('/') + 1));
            location += '/';
            if (!request.raw_query().empty()) location.append("?").append(request.raw_query());
            return Redirect{std::move(location)};
        }
        if (directory.options().single_page &&
            request.header("Accept").find("text/html") != std::string_view::npos) {
            if (auto page = directory.find(kIndex)) return *std::move(page);
        }
        if (auto page = directory.find("404.html", {.status_code = 404})) return *std::move(page);
    }
    throw HTTPException(404);
}

}  // namespace

Directory::Directory(std::string path, DirectoryOptions options)
    : path_(std::move(path)), options_(options) {
    const int descriptor = ::open(path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        throw std::system_error(errno, std::generic_category(),
                                "can't serve the directory " + path_);
    }
    ::close(descriptor);
}

std::optional<FileResponse> Directory::find(std::string_view path,
                                            http::FileOptions options) const {
    std::string name(path);
    if (options_.html && (name.empty() || name.ends_with('/'))) name += kIndex;
    if (!options_.hidden_files && is_hidden(name)) return std::nullopt;
    auto file = http::File::open_below(path_, name, options_.follow_links);
    if (file) return FileResponse(*std::move(file), name, std::move(options));
    if (is_absence(file.error())) return std::nullopt;
    throw std::system_error(file.error(), "can't send a file of " + path_);
}

bool Directory::has_index(std::string_view path) const {
    return find(std::string(path) + '/').has_value();
}

void serve_directory(Routes& routes, std::string prefix, Directory directory,
                     RouteOptions options) {
    Router router{{.prefix = std::move(prefix)}};
    if (directory.options().html) {
        router.get(
            "/",
            [directory](const http::Request& request) { return answer(directory, request, {}); },
            options);
    }
    router.get(
        "/{path:path}",
        [directory = std::move(directory)](const http::Request& request,
                                           Path<std::string, "path"> path) {
            return answer(directory, request, *path);
        },
        std::move(options));
    routes.include(router);
}

}  // namespace portico::app
