#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace portico::redis {

/// How much of an answer is taken; the connection is closed on one that is more. Enforced on what
/// the answer announces, before memory is allocated for it. Arrays nest seven deep at most.
struct ReplyLimits {
    std::size_t max_bulk = std::size_t{16} << 20U;     ///< Bytes of one text.
    std::size_t max_bytes = std::size_t{64} << 20U;    ///< Bytes of all texts of one answer.
    std::size_t max_elements = std::size_t{1} << 18U;  ///< Of all arrays of one answer together.
};

/// For `rediss://`. TLS 1.2 and later.
struct TlsOptions {
    std::string ca_file;           ///< PEM; empty: the system's, or those of SSL_CERT_FILE.
    std::string certificate_file;  ///< PEM; with `key_file`, when Redis asks for one.
    std::string key_file;          ///< PEM.
    /// False: whoever answers is believed, which protects from nothing but a listener.
    bool verify = true;
};

struct ClientOptions {
    std::string url;  ///< See `Url`.

    /// For each command, unless it says otherwise.
    std::chrono::milliseconds timeout{1000};
    /// To connect and log in.
    std::chrono::milliseconds connect_timeout{2000};
    /// Commands of one loop that wait for their answers; the next fails with `Unavailable`.
    std::size_t max_outstanding = 4096;
    /// Bytes of one loop's commands that Redis has not taken yet; the same.
    std::size_t max_unsent = std::size_t{16} << 20U;

    ReplyLimits limits = {};
    TlsOptions tls = {};
    std::string sentinel_user;      ///< Empty: "default".
    std::string sentinel_password;  ///< Empty: the Sentinels ask for none.

    /// Once when Redis is lost, over all loops, with the reason; and once when all have it back. On
    /// a loop's thread; must be thread-safe, must not throw nor use the client.
    std::function<void(std::string_view why)> on_lost = {};
    std::function<void()> on_back = {};
};

/// Figures since the start, over all loops.
struct ClientStatistics {
    std::uint64_t commands = 0;   ///< Taken, whatever became of them.
    std::uint64_t writes = 0;     ///< Hand-overs to the kernel: fewer than commands when pipelined.
    std::uint64_t timeouts = 0;   ///< Commands that failed with `Timeout`.
    std::uint64_t refused = 0;    ///< Commands that failed with `Unavailable` without being sent.
    std::uint64_t connects = 0;   ///< Connections that were logged in.
    std::size_t connections = 0;  ///< That are up now.
};

}  // namespace portico::redis
