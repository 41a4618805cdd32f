#include "portico/app/upload_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "app/upload.hpp"

namespace portico::app {
namespace {

constexpr std::size_t kCopyBlock = std::size_t{256} * 1024;

/// A file that is new, and is removed again unless it is kept.
class NewFile {
public:
    explicit NewFile(const std::string& path)
        : path_(path),
          // O_EXCL: open(2) fails for a symbolic link, wherever it points.
          descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {
        if (descriptor_ < 0) fail();
    }
    ~NewFile() {
        if (descriptor_ < 0) return;
        ::close(descriptor_);
        ::unlink(path_.c_str());
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;

    void write(std::string_view bytes) { write_all(descriptor_, bytes); }

    void keep() {
        // Some file systems say only now that there was no room.
        if (::close(std::exchange(descriptor_, -1)) == 0) return;
        const int error = errno;
        ::unlink(path_.c_str());
        errno = error;
        fail();
    }

private:
    [[noreturn]] void fail() const {
        throw std::system_error(errno, std::generic_category(), "can't save an upload: " + path_);
    }

    const std::string& path_;
    int descriptor_;
};

void save(const Upload& upload, const std::string& path) {
    NewFile file(path);
    if (upload.spool == nullptr) {
        file.write(upload.memory);
    } else {
        std::vector<char> block(
            static_cast<std::size_t>(std::min<std::uint64_t>(upload.size, kCopyBlock)));
        for (std::uint64_t at = 0; at < upload.size;) {
            const auto step =
                static_cast<std::size_t>(std::min<std::uint64_t>(upload.size - at, block.size()));
            upload.spool->read(block.data(), step, upload.offset + at);
            file.write({block.data(), step});
            at += step;
        }
    }
    file.keep();
}

/// Which bytes a read gives.
struct Next {
    std::uint64_t at;
    std::size_t size;
};

Next take(Upload& upload, std::size_t n) {
    const auto at = std::min(upload.position, upload.size);
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(n, upload.size - at));
    upload.position = at + size;
    return {at, size};
}

std::string read_next(const Upload& upload, Next next) {
    if (upload.spool == nullptr) {
        return upload.memory.substr(static_cast<std::size_t>(next.at), next.size);
    }
    std::string bytes(next.size, '\0');
    upload.spool->read(bytes.data(), next.size, upload.offset + next.at);
    return bytes;
}

}  // namespace

UploadFile::UploadFile() : UploadFile(std::string(), std::string(), std::string()) {}

UploadFile::UploadFile(std::string filename, std::string content_type, std::string data)
    : upload_(std::make_shared<Upload>()) {
    upload_->filename = std::move(filename);
    upload_->content_type = std::move(content_type);
    upload_->size = data.size();
    upload_->memory = std::move(data);
}

UploadFile::UploadFile(std::shared_ptr<Upload> upload) noexcept : upload_(std::move(upload)) {}

std::string_view UploadFile::filename() const noexcept {
    return upload_->filename;
}

std::string_view UploadFile::content_type() const noexcept {
    return upload_->content_type;
}

std::uint64_t UploadFile::size() const noexcept {
    return upload_->size;
}

const http::HeaderView& UploadFile::headers() const noexcept {
    return upload_->headers;
}

std::optional<std::string_view> UploadFile::data() const noexcept {
    if (upload_->spool != nullptr) return std::nullopt;
    return upload_->memory;
}

core::Task<std::string> UploadFile::read(std::size_t n) const {
    const Next next = take(*upload_, n);
    if (upload_->spool == nullptr || next.size == 0) co_return read_next(*upload_, next);
    const auto upload = upload_;
    co_return co_await upload->executor->run([&] { return read_next(*upload, next); });
}

std::string UploadFile::read_blocking(std::size_t n) const {
    return read_next(*upload_, take(*upload_, n));
}

void UploadFile::seek(std::uint64_t position) const noexcept {
    upload_->position = position;
}

core::Task<void> UploadFile::save_to(std::string path) const {
    const auto upload = upload_;
    if (upload->executor == nullptr) {
        save(*upload, path);
    } else {
        co_await upload->executor->run([&] { save(*upload, path); });
    }
}

void UploadFile::save_to_blocking(const std::string& path) const {
    save(*upload_, path);
}

}  // namespace portico::app
