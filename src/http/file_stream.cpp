#include "http/file_stream.hpp"

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace portico::http {

namespace {

constexpr std::size_t kPiece = 64 * 1024;

/// -1 and EAGAIN: the system does not have it in memory; EOPNOTSUPP: this file system can't tell.
ssize_t read_at(int descriptor, char* to, std::size_t size, std::uint64_t offset, int flags) {
    const iovec space{to, size};
    for (;;) {
        const ssize_t got = preadv2(descriptor, &space, 1, static_cast<off_t>(offset), flags);
        if (got >= 0 || errno != EINTR) return got;
    }
}

/// Waits for the disk.
ssize_t read_or_throw(int descriptor, char* to, std::size_t size, std::uint64_t offset) {
    const ssize_t got = read_at(descriptor, to, size, offset, 0);
    if (got < 0) throw std::system_error(errno, std::generic_category(), "reading a file");
    return got;
}

class FileStream final : public BodyStream {
public:
    FileStream(File file, std::vector<FileSegment> segments, core::Executor* blocking)
        : file_(std::move(file)), segments_(std::move(segments)), blocking_(blocking) {
        for (const auto& segment : segments_) length_ += segment.text.size() + segment.part.size;
    }

    [[nodiscard]] std::optional<std::uint64_t> length() const override { return length_; }

    [[nodiscard]] core::Task<std::optional<std::string>> next() override {
        for (; at_ != segments_.size(); ++at_) {
            FileSegment& segment = segments_[at_];
            if (!segment.text.empty()) co_return std::exchange(segment.text, {});
            ByteRange& part = segment.part;
            if (part.size == 0) continue;
            std::string piece;
            piece.resize_and_overwrite(
                static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, part.size)),
                [](char*, std::size_t size) { return size; });
            const ssize_t got = co_await read(piece.data(), piece.size(), part.offset);
            if (got == 0) throw std::runtime_error("a file became shorter while it was sent");
            piece.resize(static_cast<std::size_t>(got));
            part.offset += piece.size();
            part.size -= piece.size();
            co_return piece;
        }
        co_return std::nullopt;
    }

private:
    core::Task<ssize_t> read(char* to, std::size_t size, std::uint64_t offset) {
        const int descriptor = file_.descriptor();
        if (blocking_ == nullptr) co_return read_or_throw(descriptor, to, size, offset);
        const ssize_t got = read_at(descriptor, to, size, offset, RWF_NOWAIT);
        if (got >= 0) co_return got;
        try {
            co_return co_await blocking_->run(
                [=] { return read_or_throw(descriptor, to, size, offset); });
        } catch (const core::Overloaded&) {
            // The status is sent: a short wait is better than half a file.
        }
        co_return read_or_throw(descriptor, to, size, offset);
    }

    File file_;
    std::vector<FileSegment> segments_;
    core::Executor* blocking_;
    std::size_t at_ = 0;
    std::uint64_t length_ = 0;
};

}  // namespace

std::unique_ptr<BodyStream> file_stream(File file, std::vector<FileSegment> segments,
                                        core::Executor* blocking) {
    return std::make_unique<FileStream>(std::move(file), std::move(segments), blocking);
}

}  // namespace portico::http
