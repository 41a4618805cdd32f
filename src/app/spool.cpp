#include "app/spool.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace portico::app {
namespace {

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

int open_temporary() {
    const char* const wanted = ::secure_getenv("TMPDIR");
    const std::string folder = wanted != nullptr && *wanted != '\0' ? wanted : "/tmp";
    const int unnamed = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
    if (unnamed >= 0) return unnamed;
    // Not every file system has unnamed files. mkostemp makes it with mode 0600.
    std::string path = folder + "/portico-XXXXXX";
    const int named = ::mkostemp(path.data(), O_CLOEXEC);
    if (named < 0) fail("no temporary file for an upload");
    ::unlink(path.c_str());
    return named;
}

}  // namespace

void write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("an upload can't be written");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

Spool::~Spool() {
    if (descriptor_ < 0) return;
    const auto close = [descriptor = descriptor_] { ::close(descriptor); };
    if (!executor_.try_submit(close)) close();
}

void Spool::write(std::string_view bytes) {
    if (descriptor_ < 0) descriptor_ = open_temporary();
    write_all(descriptor_, bytes);
}

void Spool::read(char* to, std::size_t size, std::uint64_t at) const {
    while (size > 0) {
        const auto got = ::pread(descriptor_, to, size, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got == 0) errno = EIO;
        if (got <= 0) fail("an upload can't be read back");
        to += got;
        at += static_cast<std::uint64_t>(got);
        size -= static_cast<std::size_t>(got);
    }
}

}  // namespace portico::app
