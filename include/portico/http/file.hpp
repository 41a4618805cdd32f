#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "portico/core/executor.hpp"
#include "portico/http/date.hpp"
#include "portico/http/request.hpp"
#include "portico/http/response.hpp"

namespace portico::http {

/// A regular file, opened once: what is sent is what was looked at, whatever becomes of its path.
class File {
public:
    /// Symbolic links are followed. Besides the errors of open(2): `is_a_directory`, and
    /// `operation_not_permitted` for devices, pipes and sockets. Never waits for a pipe's writer.
    [[nodiscard]] static std::expected<File, std::error_code> open(const std::string& path);

    /// The file under a relative path below a directory, for paths that a client sends: never one
    /// outside of it. "..", ".", an empty name and U+0000 are `no_such_file_or_directory`; unless
    /// `follow_links`, a symbolic link on the way is `too_many_symbolic_link_levels`, so that
    /// nothing that is written below it can lead elsewhere. Otherwise as `open`.
    [[nodiscard]] static std::expected<File, std::error_code> open_below(
        const std::string& directory, std::string_view path, bool follow_links = false);

    File(File&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)),
          size_(other.size_),
          modified_(other.modified_) {}
    File& operator=(File&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        size_ = other.size_;
        modified_ = other.modified_;
        return *this;
    }
    ~File();

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] DateTime last_modified() const noexcept { return modified_; }
    /// Made of size and time of change. Weak while the file is younger than a second: it might
    /// change again within what the file system can tell apart (RFC 9110 §8.8.2.2).
    [[nodiscard]] std::string etag(DateTime now) const;

private:
    /// Takes the descriptor.
    [[nodiscard]] static std::expected<File, std::error_code> of(int descriptor) noexcept;

    File(int descriptor, std::uint64_t size, DateTime modified) noexcept
        : descriptor_(descriptor), size_(size), modified_(modified) {}

    int descriptor_;
    std::uint64_t size_;
    DateTime modified_;
};

/// How a file is sent.
struct FileOptions {
    /// The name that it is saved under: puts a `Content-Disposition` on. Empty: none.
    std::string filename = {};
    std::string media_type = {};                          ///< Empty: guessed from `filename`.
    std::string content_disposition_type = "attachment";  ///< Or "inline".
    int status_code = 200;
};

/// Answers with a file, in pieces that the client's pace asks for.
///
/// For GET and HEAD preconditions (RFC 9110 §13.2.2) and, for GET, `Range` and `If-Range` count:
/// 304, 412, 206 with one part or as multipart/byteranges, 416; a malformed `Range` is 400. An
/// error's body is a sentence for the client.
///
/// A piece is read on the loop when the system has it in memory, else on `blocking`, so that a
/// slow disk holds up nobody else; null reads on the loop.
[[nodiscard]] Response file_response(const Request& request, File file, const FileOptions& options,
                                     core::Executor* blocking = nullptr);

/// `attachment; filename="a.txt"` (RFC 6266); a name that is not plain ASCII is given as
/// `filename*=utf-8''…` (RFC 8187), so nothing can be injected through it.
[[nodiscard]] std::string content_disposition(std::string_view type, std::string_view filename);

/// The media type that a file name's extension stands for, "image/png"; texts with their charset.
/// "application/octet-stream" where it is not known.
[[nodiscard]] std::string_view guess_media_type(std::string_view filename) noexcept;

}  // namespace portico::http
