#include "portico/logging/syslog_sink.hpp"

#include <arpa/inet.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>

namespace portico::logging {
namespace {

/// What every receiver takes over UDP, RFC 5426 §3.2, and most take over a socket.
constexpr std::size_t kLongest = 8192;
constexpr std::chrono::seconds kBetweenTries{1};

// RFC 5424 §6.2.1
int severity_of(Level level) noexcept {
    switch (level) {
        case Level::critical:
            return 2;
        case Level::error:
            return 3;
        case Level::warning:
            return 4;
        case Level::info:
            return 6;
        default:
            return 7;
    }
}

bool is_printable(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::string host_name() {
    char name[256]{};
    if (::gethostname(name, sizeof name - 1) != 0 || !is_printable(name) || *name == '\0')
        return "-";
    return name;
}

std::optional<std::uint16_t> port_of(std::string_view text) noexcept {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) return {};
    return port;
}

}  // namespace

struct SyslogSink::Address {
    sockaddr_storage storage{};
    socklen_t size = 0;

    template <class T>
    void set(const T& address) noexcept {
        std::memcpy(&storage, &address, sizeof address);
        size = sizeof address;
    }

    bool set_path(const std::string& path) noexcept {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (path.size() >= sizeof address.sun_path) return false;
        path.copy(address.sun_path, path.size());
        set(address);
        return true;
    }

    bool set_udp(std::string_view text) {
        const auto colon = text.rfind(':');
        const auto port = colon == text.npos ? std::nullopt : port_of(text.substr(colon + 1));
        if (!port) return false;
        std::string host(text.substr(0, colon));
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(*port);
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(*port);
        if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
            set(v4);
            return true;
        }
        if (!host.starts_with('[') || !host.ends_with(']')) return false;
        host = host.substr(1, host.size() - 2);
        if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) != 1) return false;
        set(v6);
        return true;
    }
};

std::expected<std::shared_ptr<SyslogSink>, std::string> SyslogSink::open(SyslogOptions options) {
    if (options.facility < 0 || options.facility > 23) {
        return std::unexpected(
            fmt::format("syslog: expected a facility in 0–23, got {}", options.facility));
    }
    if (options.app_name.empty() || options.app_name.size() > 48 ||
        !is_printable(options.app_name)) {
        return std::unexpected("syslog: expected an app_name of 1–48 printable characters");
    }
    constexpr std::string_view kUdp = "udp://";
    auto address = std::make_unique<Address>();
    const bool known = options.address.starts_with('/') ? address->set_path(options.address)
                       : options.address.starts_with(kUdp)
                           ? address->set_udp(std::string_view(options.address).substr(kUdp.size()))
                           : false;
    if (!known) {
        return std::unexpected(
            fmt::format("syslog: expected the path of a socket or udp://ADDRESS:PORT, got \"{}\"",
                        options.address));
    }
    return std::shared_ptr<SyslogSink>(
        new SyslogSink(std::move(options), std::move(address), host_name()));
}

SyslogSink::SyslogSink(SyslogOptions options, std::unique_ptr<Address> address, std::string host)
    : options_(std::move(options)), address_(std::move(address)), host_(std::move(host)) {}

SyslogSink::~SyslogSink() {
    if (socket_ >= 0) ::close(socket_);
}

void SyslogSink::connect() noexcept {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_try_) return;
    next_try_ = now + kBetweenTries;
    const int made =
        ::socket(address_->storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) return;
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address_->storage), address_->size) !=
        0) {
        ::close(made);
        return;
    }
    socket_ = made;
}

void SyslogSink::write(const Record& record, std::string_view line) noexcept {
    if (line.ends_with('\n')) line.remove_suffix(1);
    // RFC 5424 §6: <PRI>VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG
    fmt::memory_buffer message;
    try {
        const auto micro = std::chrono::floor<std::chrono::microseconds>(record.time);
        fmt::format_to(std::back_inserter(message),
                       "<{}>1 {:%Y-%m-%dT%H:%M:}{:%S}Z {} {} {} - - {}",
                       options_.facility * 8 + severity_of(record.level), micro,
                       micro.time_since_epoch(), host_, options_.app_name, ::getpid(), line);
    } catch (...) {
        ++dropped_;
        return;
    }
    const std::lock_guard lock(mutex_);
    for (int i = 0; i < 2; ++i) {
        if (socket_ < 0) connect();
        if (socket_ < 0) break;
        const std::size_t size = std::min(message.size(), kLongest);
        if (::send(socket_, message.data(), size, MSG_NOSIGNAL) >= 0) return;
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS) break;
        // It has been started anew, perhaps.
        ::close(std::exchange(socket_, -1));
    }
    ++dropped_;
}

}  // namespace portico::logging
