#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "portico/logging/field.hpp"
#include "portico/logging/level.hpp"

namespace portico::logging {

enum class Format : std::uint8_t {
    text,  ///< `2026-11-23 21:37:27,123 - shop.orders - INFO - paid order=7 request_id=4b…`
    json,  ///< `{"time":"2026-11-23T21:37:27.123Z","logger":…,"level":…,"message":…,…}`
};

/// One line before it is text. Everything in it is a view, valid during the call.
struct Record {
    std::chrono::system_clock::time_point time;
    Level level;
    std::string_view logger;
    std::string_view message;
    std::string_view request_id;  ///< Empty: none.
    std::span<const Field> fields;
};

/// Where lines go. Called by all threads at once; must not throw, wait, or log.
class Sink {
public:
    virtual ~Sink() = default;

    /// `line` is the record in the program's format, escaped, with its newline.
    virtual void write(const Record& record, std::string_view line) noexcept = 0;

    /// Waits until what was written before is out, or `patience` is over (false).
    [[nodiscard]] virtual bool flush(std::chrono::milliseconds patience) noexcept {
        static_cast<void>(patience);
        return true;
    }
    /// Opens its file anew. The error is a sentence; the old file stays in use then.
    [[nodiscard]] virtual std::expected<void, std::string> reopen() { return {}; }
    /// Lines lost because what is behind was too slow or failed.
    [[nodiscard]] virtual std::uint64_t dropped() const noexcept { return 0; }
};

/// How a sink over a descriptor waits between the threads that log and a slow reader.
struct QueueOptions {
    /// Bytes of lines that may wait. A line that does not fit is dropped and counted; when there is
    /// room again, a line of `portico.logging` tells how many were.
    std::size_t capacity = std::size_t{4} << 20;
    /// How long lines gather before they are written in one go; so long is a line late at most.
    std::chrono::milliseconds gather{5};
    /// How long the destructor waits for a blocked reader before it gives up what is queued.
    std::chrono::milliseconds drain{1000};
};

/// Writes to a duplicate of an open descriptor; a bad one loses every line. A thread of the sink's
/// own does the writing: a full pipe stops that thread alone. `format` is that of the line about
/// dropped lines.
[[nodiscard]] std::shared_ptr<Sink> descriptor_sink(int descriptor, Format format = Format::text,
                                                    QueueOptions queue = {});

/// Appends to a file (mode 0640, missing directories are made); `reopen` makes it anew after a
/// rotation. The error is a sentence with the path and the cause.
[[nodiscard]] std::expected<std::shared_ptr<Sink>, std::string> file_sink(
    std::string path, Format format = Format::text, QueueOptions queue = {});

}  // namespace portico::logging
