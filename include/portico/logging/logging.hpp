#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "portico/core/clock.hpp"
#include "portico/logging/logger.hpp"
#include "portico/logging/sink.hpp"

namespace portico::logging {

struct Options {
    /// The root's level. A logger has the level of the nearest name above it that has one.
    Level level = Level::info;
    /// By dotted name. `portico.access` and `portico.db` are at `warning`, or at `level` when that
    /// is stricter, unless they stand here.
    std::map<std::string, Level, std::less<>> levels = {};
    Format format = Format::text;
    bool to_stdout = true;
    /// Also appended to; empty: none. Opened anew by `Logging::reopen`.
    std::string file = {};
    QueueOptions queue = {};
    /// Further sinks: a test's capture, a system of the user's own.
    std::vector<std::shared_ptr<Sink>> sinks = {};
    /// Where the time of a line is read; it must outlive the `Logging`.
    const core::Clock* clock = &core::system_clock();
};

/// The loggers of a program, and where their lines go.
///
/// The program makes one and hands out its loggers; there is no hidden global state, so a test
/// makes its own. Times are UTC, so that lines of machines in several zones and of the hour that
/// summer time repeats sort. One line is one event: control characters, line separators, direction
/// overrides and invalid UTF-8 of what is logged are escaped; a message is cut to 8 KiB.
/// Thread-safe. The destructor writes what is queued, see `QueueOptions::drain`.
///
///     auto logging = logging::setup({.level = Level::debug, .file = "logs/app.log"});
///     if (!logging) return fail(logging.error());
///     (*logging)->logger("shop").info("started", {{"port", port}});
class Logging {
public:
    ~Logging();
    Logging(const Logging&) = delete;
    Logging& operator=(const Logging&) = delete;

    /// The logger of that name; made at the first call. Keep it: this takes a lock.
    [[nodiscard]] Logger logger(std::string_view name);

    /// From now on, also for loggers that exist. An empty name is the root.
    void set_level(std::string_view name, Level level);

    /// Opens the files anew: what SIGHUP means after a rotation. The sentence of the first failure;
    /// the file in question goes on as it was.
    [[nodiscard]] std::expected<void, std::string> reopen();

    /// Waits until the lines so far are out; false when `patience` was not enough.
    bool flush(std::chrono::milliseconds patience = std::chrono::milliseconds(1000)) noexcept;

    /// Lines that no sink could take.
    [[nodiscard]] std::uint64_t dropped() const noexcept;

private:
    friend class Logger;
    friend std::expected<std::unique_ptr<Logging>, std::string> setup(Options options);

    explicit Logging(Options options);
    void write(const Record& record) noexcept;
    [[nodiscard]] Level level_for(std::string_view name) const;

    Options options_;
    mutable std::mutex mutex_;
    std::map<std::string, std::unique_ptr<detail::Node>, std::less<>> nodes_;
};

/// Opens what the options name. The error is a sentence: which file, and why it can't be opened.
[[nodiscard]] std::expected<std::unique_ptr<Logging>, std::string> setup(Options options = {});

/// A logger of the process's default, for code that is handed none. While there is no default, it
/// writes nothing. Ask each time: a kept logger stays with the default it came from.
[[nodiscard]] Logger get_logger(std::string_view name);

/// Makes `logging` the default while it lives; the one before it comes back after. Of one thread.
class [[nodiscard]] DefaultLogging {
public:
    explicit DefaultLogging(Logging& logging) noexcept;
    ~DefaultLogging();
    DefaultLogging(const DefaultLogging&) = delete;
    DefaultLogging& operator=(const DefaultLogging&) = delete;

private:
    Logging* before_;
};

}  // namespace portico::logging
