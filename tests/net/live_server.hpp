#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "portico/core/task.hpp"
#include "portico/net/server.hpp"

namespace portico::net::test {

using http::Exchange;
using http::Refusal;

/// A handler made of functions. Without any it answers 200 with "<method> <path>".
class FunctionHandler final : public http::Handler {
public:
    std::function<void(Exchange&)> on_match;
    std::function<void(Exchange&)> on_handle;
    /// Instead of `on_handle`: runs to its end, then the response is sent.
    std::function<core::Task<void>(Exchange&)> on_task;

    std::atomic<int> started{0};
    std::atomic<int> stopped{0};
    std::atomic<int> handled{0};
    std::atomic<int> refused{0};
    std::atomic<int> streams_failed{0};

    void match(Exchange& exchange) noexcept override {
        if (on_match) on_match(exchange);
    }

    void handle(Exchange& exchange) noexcept override {
        ++handled;
        if (on_task) {
            core::spawn(
                exchange.context, on_task(exchange),
                [](void* user, std::exception_ptr error) {
                    auto& done = *static_cast<Exchange*>(user);
                    if (error) done.response.status = status_of(error);
                    done.send();
                },
                &exchange);
            return;
        }
        if (on_handle) return on_handle(exchange);
        exchange.response.text() = std::string{exchange.request.method_name()} + " " +
                                   std::string{exchange.request.path()};
        exchange.send();
    }

    void refuse(Exchange& exchange, Refusal refusal) noexcept override {
        ++refused;
        exchange.response.status = refusal.status;
        exchange.response.headers.set("X-Request-ID", exchange.request.id());
        exchange.response.text() = refusal.detail;
    }

    void stream_failed(Exchange&, std::exception_ptr) noexcept override { ++streams_failed; }

    void loop_started(core::Reactor&) override { ++started; }
    void loop_stopped(core::Reactor&) override { ++stopped; }

private:
    static int status_of(const std::exception_ptr& error) {
        try {
            std::rethrow_exception(error);
        } catch (const http::BodyFailed& failed) {
            return http::status_of(failed.error());
        } catch (const core::DeadlineExceeded&) {
            return 503;
        } catch (...) {
            return 500;
        }
    }
};

/// A server on a free port, running on a thread of its own.
class LiveServer {
public:
    explicit LiveServer(http::Handler& handler, ServerOptions options = {})
        : server_(handler, with_defaults(std::move(options))) {
        if (auto result = server_.start(); !result) throw std::runtime_error(result.error());
        thread_ = std::jthread([this](std::stop_token token) { result_ = server_.run(token); });
    }

    [[nodiscard]] Server& operator*() noexcept { return server_; }
    [[nodiscard]] Server* operator->() noexcept { return &server_; }

    /// Stops and waits for the end; what `run` gave.
    std::expected<void, std::string> stop() {
        server_.stop();
        return join();
    }
    std::expected<void, std::string> join() {
        if (thread_.joinable()) thread_.join();
        return result_;
    }

private:
    static ServerOptions with_defaults(ServerOptions options) {
        options.port = 0;
        if (options.workers == 0) options.workers = 1;
        if (options.timeouts.shutdown_idle == Timeouts{}.shutdown_idle) {
            options.timeouts.shutdown_idle = std::chrono::milliseconds{1};
        }
        return options;
    }

    Server server_;
    std::expected<void, std::string> result_;
    std::jthread thread_;
};

/// A blocking socket that gives up after 20 seconds.
class Client {
public:
    explicit Client(Server& server) : Client(server.port()) {}
    explicit Client(std::uint16_t port) : Client() { connect(port); }
    /// Not connected yet.
    Client() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const timeval patience{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    }
    void connect(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    }
    Client(Client&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)),
          connected_(other.connected_),
          unread_(std::move(other.unread_)) {}
    ~Client() { close(); }

    [[nodiscard]] bool connected() const noexcept { return connected_; }

    /// False when the other end is gone.
    bool send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    /// One response; its body is read by Content-Length, by chunks, or to the end. Empty: the
    /// connection ended before one.
    std::string response(bool to_head = false) {
        const auto head_end = read_until("\r\n\r\n", 0);
        if (head_end == std::string::npos) return {};
        std::size_t whole = head_end;
        const std::string head = unread_.substr(0, head_end);
        const bool informational = head.starts_with("HTTP/1.1 1");
        if (!to_head && !informational && !head.starts_with("HTTP/1.1 204") &&
            !head.starts_with("HTTP/1.1 304")) {
            if (const auto at = head.find("Content-Length: "); at != std::string::npos) {
                whole += std::stoul(head.substr(at + 16));
                while (unread_.size() < whole && receive()) {
                }
            } else if (head.find("Transfer-Encoding: chunked") != std::string::npos) {
                whole = read_until("0\r\n\r\n", head_end);
            } else {
                while (receive()) {
                }
                whole = unread_.size();
            }
        }
        std::string result = unread_.substr(0, whole);
        unread_.erase(0, whole);
        return result;
    }

    /// Everything until the server closes; nothing when it reset the connection.
    std::string rest() {
        while (receive()) {
        }
        return std::exchange(unread_, {});
    }
    [[nodiscard]] bool was_reset() const noexcept { return reset_; }

    /// Up to `size` bytes as they come.
    std::string some(std::size_t size) {
        while (unread_.size() < size && receive()) {
        }
        std::string result = unread_.substr(0, size);
        unread_.erase(0, size);
        return result;
    }

    void end_sending() const { ::shutdown(socket_, SHUT_WR); }
    void reset() {
        const linger now{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }
    void close() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }
    [[nodiscard]] int get() const noexcept { return socket_; }

private:
    std::size_t read_until(std::string_view mark, std::size_t from) {
        for (;;) {
            const auto found = unread_.find(mark, from);
            if (found != std::string::npos) return found + mark.size();
            if (!receive()) return std::string::npos;
        }
    }
    bool receive() {
        char buffer[16384];
        const ssize_t size = ::recv(socket_, buffer, sizeof buffer, 0);
        if (size < 0 && errno == ECONNRESET) reset_ = true;
        if (size <= 0) return false;
        unread_.append(buffer, static_cast<std::size_t>(size));
        return true;
    }

    int socket_;
    bool connected_ = false;
    bool reset_ = false;
    std::string unread_;
};

/// The body of a response's text.
inline std::string body_of(const std::string& response) {
    const auto at = response.find("\r\n\r\n");
    return at == std::string::npos ? std::string{} : response.substr(at + 4);
}

/// Set on one thread, waited for on another.
class Event {
public:
    void set() {
        const std::scoped_lock lock(mutex_);
        set_ = true;
        condition_.notify_all();
    }
    /// False: it did not come within 20 seconds.
    [[nodiscard]] bool wait() {
        std::unique_lock lock(mutex_);
        return condition_.wait_for(lock, std::chrono::seconds{20}, [this] { return set_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool set_ = false;
};

}  // namespace portico::net::test
