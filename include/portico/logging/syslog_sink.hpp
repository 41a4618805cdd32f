#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <memory>
#include <mutex>
#include <string>

#include "portico/logging/sink.hpp"

namespace portico::logging {

struct SyslogOptions {
    /// The socket of the machine's own, "/dev/log", or "udp://192.0.2.1:514"; an IPv6 address
    /// stands in brackets.
    std::string address = "/dev/log";
    std::string app_name = "portico";  ///< At most 48 bytes of printable ASCII.
    /// RFC 5424 §6.2.1: 1 is "user-level", 10 "security/authorization", 16–23 are local.
    int facility = 1;
};

/// Sends each line to a syslog (RFC 5424), as one datagram. Never waits: what the other end does
/// not take at once is dropped and counted. A syslog that was restarted is found again.
///
///     auto syslog = SyslogSink::open({.facility = 10}).value();
///     auto logging = logging::setup({.sinks = {syslog}});
class SyslogSink final : public Sink {
public:
    /// The error is a sentence. A socket that is not there yet is none: it is looked for at each
    /// line, once a second.
    [[nodiscard]] static std::expected<std::shared_ptr<SyslogSink>, std::string> open(
        SyslogOptions options);
    ~SyslogSink() override;
    SyslogSink(const SyslogSink&) = delete;
    SyslogSink& operator=(const SyslogSink&) = delete;

    void write(const Record& record, std::string_view line) noexcept override;
    [[nodiscard]] std::uint64_t dropped() const noexcept override {
        return dropped_.load(std::memory_order_relaxed);
    }

private:
    struct Address;

    SyslogSink(SyslogOptions options, std::unique_ptr<Address> address, std::string host);

    void connect() noexcept;

    SyslogOptions options_;
    std::unique_ptr<Address> address_;
    std::string host_;
    std::atomic<std::uint64_t> dropped_{0};
    std::mutex mutex_;
    int socket_ = -1;
    std::chrono::steady_clock::time_point next_try_{};
};

}  // namespace portico::logging
