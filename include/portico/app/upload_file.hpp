#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "portico/core/task.hpp"
#include "portico/http/headers.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::app {

struct Upload;

/// A file of a multipart form. A small one is in memory, a larger one in a private temporary file
/// (`FormOptions::spool_max_size`), which has no name and is gone with the last `UploadFile` that
/// refers to it: at the end of the request, or of the background task that took a copy.
///
/// Copies are the same file and share its position. Reading a file that is not in memory is done
/// on the blocking executor. Views are valid as long as a copy. Not thread-safe; must not outlive
/// the application.
///
///     app.post("/photos", [](File<"photo"> photo) -> Task<Created<Photo>> {
///         co_await photo->save_to(new_path());
///         …
///     });
class UploadFile {
public:
    /// An empty file without a name.
    UploadFile();
    /// A file in memory, for tests that call a handler directly.
    UploadFile(std::string filename, std::string content_type, std::string data);
    explicit UploadFile(std::shared_ptr<Upload> upload) noexcept;

    /// Without folders; as the client calls it: do not trust it.
    [[nodiscard]] std::string_view filename() const noexcept;
    /// As the client says: do not trust it. May be empty.
    [[nodiscard]] std::string_view content_type() const noexcept;
    /// Bytes.
    [[nodiscard]] std::uint64_t size() const noexcept;
    /// All header fields of the part.
    [[nodiscard]] const http::HeaderView& headers() const noexcept;

    /// The whole content when it is in memory; nothing when it is in a temporary file.
    [[nodiscard]] std::optional<std::string_view> data() const noexcept;

    /// `co_await file.read(n)`: the next bytes, at most `n`, by default all that are left; empty at
    /// the end. Throws `std::system_error`, and `Overloaded` when the executor's queue is full.
    [[nodiscard]] core::Task<std::string> read(std::size_t n = SIZE_MAX) const;
    /// The position of the next `read`, in bytes from the beginning.
    void seek(std::uint64_t position) const noexcept;

    /// `co_await file.save_to(path)`: writes a new file that only the process's user can read
    /// (0600). Throws `std::system_error` when there is something under that path already, a
    /// symbolic link too, or the file can't be written; then nothing is left of it.
    [[nodiscard]] core::Task<void> save_to(std::string path) const;

    /// The same for a handler that is `.blocking`: they wait for the disk, which a loop must not.
    [[nodiscard]] std::string read_blocking(std::size_t n = SIZE_MAX) const;
    void save_to_blocking(const std::string& path) const;

private:
    std::shared_ptr<Upload> upload_;
};

}  // namespace portico::app

/// How the document shows a file.
template <>
struct portico::model::TypeTraits<portico::app::UploadFile> {
    static constexpr std::string_view name = "UploadFile";
    static constexpr std::string_view schema =
        R"({"type":"string","contentMediaType":"application/octet-stream"})";

    static std::expected<app::UploadFile, std::string> parse(std::string_view) {
        return std::unexpected(std::string("a file is uploaded in a multipart form"));
    }
    static std::string print(const app::UploadFile& file) { return std::string(file.filename()); }
};
