#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "portico/core/clock.hpp"
#include "portico/guard/guard_middleware.hpp"
#include "portico/logging/logging.hpp"

namespace portico::guard {

struct SecurityLogOptions {
    std::string file = "logs/security.log";  ///< Empty: none.
    /// The address of a syslog, see `logging::SyslogOptions`; empty: none.
    std::string syslog = {};
    /// Lines below it are not written.
    logging::Level level = logging::Level::info;
    /// Of lines about requests that pass.
    logging::Level request_level = logging::Level::info;
    /// Of lines about what the guard did not like.
    logging::Level suspicious_level = logging::Level::warning;
    /// What is more in a second is counted, and the count logged: an attack must not fill the disk.
    std::uint32_t lines_per_second = 1000;
    /// Further places for the lines: a test's capture, a program's own syslog or webhook.
    std::vector<std::shared_ptr<logging::Sink>> sinks = {};
    const core::Clock* clock = &core::system_clock();
};

/// What a configuration says about the log. Lines below `level`, the program's, are not written.
[[nodiscard]] SecurityLogOptions log_options_of(const Config& config, logging::Level level);

/// The guard's log: one JSON object a line, on disk within a second.
///
/// A line says when, which request, whose, which route (its template), which check, which rules and
/// what was done. Values of the request are never part of it but for the method and the path, which
/// is cut and escaped. Thread-safe; never waits.
///
///     auto log = SecurityLog::open({.file = "logs/security.log"}).value();
///     guard::GuardServices services{.on_event = [&](const Event& event) { log->record(event); }};
class SecurityLog {
public:
    /// The error is a sentence: which file or address, and why it can't be opened.
    [[nodiscard]] static std::expected<std::unique_ptr<SecurityLog>, std::string> open(
        SecurityLogOptions options);

    void record(const Event& event) noexcept;
    /// A request that passed the guard's checks.
    void record_request(const http::Request& request) noexcept;

    /// Opens the file anew, after a rotation.
    [[nodiscard]] std::expected<void, std::string> reopen() { return logging_->reopen(); }
    bool flush() noexcept { return logging_->flush(); }

private:
    SecurityLog(SecurityLogOptions options, std::unique_ptr<logging::Logging> logging);

    /// False: this second has had its lines.
    [[nodiscard]] bool take_place() noexcept;

    SecurityLogOptions options_;
    std::unique_ptr<logging::Logging> logging_;
    logging::Logger logger_;
    std::atomic<std::int64_t> second_{0};
    std::atomic<std::uint32_t> lines_{0};
};

}  // namespace portico::guard
