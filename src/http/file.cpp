#include "portico/http/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "http/bytes.hpp"
#include "portico/http/etag.hpp"
#include "portico/http/url.hpp"

namespace portico::http {

namespace {

std::string hexadecimal(std::uint64_t value) {
    char text[16];
    const auto end = std::to_chars(std::begin(text), std::end(text), value, 16);
    return {text, end.ptr};
}

// What FastAPI (urllib's `quote`) leaves as it is, but for the slash, which no file name has.
constexpr const ByteSet& kPlainName = kUnreserved;

// O_NONBLOCK: to open a pipe must not wait for its writer.
constexpr int kOpenFile = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr std::size_t kMaxPath = 4096;

std::unexpected<std::error_code> failed(int code) {
    return std::unexpected(std::error_code(code, std::generic_category()));
}

}  // namespace

std::expected<File, std::error_code> File::of(int descriptor) noexcept {
    if (descriptor < 0) return failed(errno);
    struct stat status{};
    const int code = fstat(descriptor, &status) != 0 ? errno
                     : S_ISREG(status.st_mode)       ? 0
                     : S_ISDIR(status.st_mode)       ? EISDIR
                                                     : EPERM;
    if (code != 0) {
        close(descriptor);
        return failed(code);
    }
    const auto since_epoch = std::chrono::seconds(status.st_mtim.tv_sec) +
                             std::chrono::nanoseconds(status.st_mtim.tv_nsec);
    return File(descriptor, static_cast<std::uint64_t>(status.st_size),
                DateTime(std::chrono::duration_cast<DateTime::duration>(since_epoch)));
}

std::expected<File, std::error_code> File::open(const std::string& path) {
    if (path.find('\0') != std::string::npos) return failed(ENOENT);
    return of(::open(path.c_str(), kOpenFile));
}

std::expected<File, std::error_code> File::open_below(const std::string& directory,
                                                      std::string_view path, bool follow_links) {
    if (path.size() > kMaxPath || path.find('\0') != std::string_view::npos) return failed(ENOENT);
    const int no_links = follow_links ? 0 : O_NOFOLLOW;
    int folder = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    while (folder >= 0) {
        const std::string name(path.substr(0, path.find('/')));
        const bool is_last = name.size() == path.size();
        const bool leads_away = name.empty() || name == "." || name == "..";
        const int next =
            leads_away ? -1
            : is_last  ? ::openat(folder, name.c_str(), kOpenFile | no_links)
                      : ::openat(folder, name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | no_links);
        const int code = leads_away ? ENOENT : errno;
        close(folder);
        if (next < 0) return failed(code);
        if (is_last) return of(next);
        folder = next;
        path.remove_prefix(name.size() + 1);
    }
    return failed(errno);
}

File::~File() {
    if (descriptor_ >= 0) close(descriptor_);
}

std::string File::etag(DateTime now) const {
    const auto ticks = static_cast<std::uint64_t>(modified_.time_since_epoch().count());
    return make_etag(hexadecimal(ticks) + '-' + hexadecimal(size_),
                     modified_ + std::chrono::seconds(1) > now);
}

std::string content_disposition(std::string_view type, std::string_view filename) {
    std::string field(type);
    if (kPlainName.has_all(filename)) {
        return field.append("; filename=\"").append(filename).append("\"");
    }
    return field.append("; filename*=utf-8''").append(percent_encode(filename));
}

}  // namespace portico::http
