#include "portico/net/server.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "net/listen.hpp"
#include "net/signals.hpp"
#include "net/worker.hpp"

namespace portico::net {
namespace {

std::size_t usable_cores() noexcept {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) == 0) {
        return static_cast<std::size_t>(std::max(CPU_COUNT(&set), 1));
    }
    return std::max(std::thread::hardware_concurrency(), 1U);
}

/// So that what the function throws before it gives a task is the task's exception too.
core::Task<void> call(const std::function<core::Task<void>()>& function) {
    co_await function();
}

}  // namespace

class Server::Impl {
public:
    Impl(http::Handler& handler, ServerOptions options)
        : handler_(handler), options_(std::move(options)) {}
    ~Impl() {
        for (auto& worker : workers_) {
            // Handlers that were abandoned may still resume on the loop: it must stay.
            if (ended_ && worker->connections() != 0) static_cast<void>(worker.release());
        }
    }

    [[nodiscard]] std::expected<void, std::string> start();
    [[nodiscard]] std::expected<void, std::string> run(std::stop_token token);
    void stop() noexcept;
    bool post(std::size_t loop, core::Reactor::Callback callback);

    [[nodiscard]] std::uint16_t port() const noexcept { return port_.load(); }
    [[nodiscard]] std::size_t loops() const noexcept { return workers_.size(); }

private:
    // In this order, each on the loop or loops that it is about.
    void begin();
    void serve();
    void drained();
    void finish();

    void on_signal(int signal);
    void fail(const std::exception_ptr& error);
    void fail(std::string error);

    http::Handler& handler_;
    const ServerOptions options_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::atomic<std::uint16_t> port_{0};
    std::atomic<bool> started_{false};
    std::atomic<bool> ended_{false};
    std::atomic<bool> stop_requested_{false};
    bool starting_ = false;  // the first loop's own
    std::atomic<std::size_t> serving_{0};
    /// What `on_start` and `on_stop` run in.
    std::optional<core::Context> lifespan_;
    std::mutex error_mutex_;
    std::string error_;
};

std::expected<void, std::string> Server::Impl::start() {
    if (started_) return {};
    const std::size_t count = options_.workers != 0 ? options_.workers : usable_cores();
    auto listeners = listen_on(options_.host, options_.port, count, options_.backlog);
    if (!listeners) return std::unexpected(std::move(listeners.error()));

    const std::size_t share =
        std::max<std::size_t>((options_.max_connections + count - 1) / count, 1);
    for (std::size_t i = 0; i < count; ++i) {
        auto worker = std::make_unique<Worker>(i, handler_, options_, share, [this] { drained(); });
        if (!worker->open(std::move(listeners->sockets[i]))) {
            const int error = errno;
            workers_.clear();
            return std::unexpected("can't make an event loop: " +
                                   std::generic_category().message(error));
        }
        workers_.push_back(std::move(worker));
    }
    port_ = listeners->port;
    started_ = true;
    if (stop_requested_) stop();
    return {};
}

std::expected<void, std::string> Server::Impl::run(std::stop_token token) {
    if (ended_) return std::unexpected("a server runs once");
    if (auto result = start(); !result) return result;

    Signals signals;
    if (options_.handle_signals &&
        !signals.install(workers_.front()->loop, [this](int signal) { on_signal(signal); })) {
        return std::unexpected("another server of this process handles the signals already");
    }
    lifespan_.emplace(workers_.front()->loop);
    workers_.front()->loop.post([this] { begin(); });
    const std::stop_callback on_stop(token, [this] { stop(); });
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 1; i < workers_.size(); ++i) {
            threads.emplace_back([&worker = *workers_[i]] { worker.run(); });
        }
        workers_.front()->run();
    }
    ended_ = true;
    for (const auto& worker : workers_) {
        if (worker->connections() != 0) fail("requests did not end in time and were abandoned");
    }
    if (!error_.empty()) return std::unexpected(error_);
    return {};
}

void Server::Impl::begin() {
    if (!options_.on_start) return serve();
    starting_ = true;
    if (stop_requested_) lifespan_->cancel();
    core::spawn(
        *lifespan_, call(options_.on_start),
        [](void* user, std::exception_ptr error) {
            auto& self = *static_cast<Impl*>(user);
            if (!error) return self.serve();
            self.fail(error);
            self.finish();
        },
        this);
}

void Server::Impl::serve() {
    starting_ = false;
    lifespan_->reset();
    serving_ = workers_.size();
    for (const auto& worker : workers_) {
        worker->loop.post([this, &worker = *worker] {
            try {
                worker.begin_serving();
            } catch (...) {
                fail(std::current_exception());
                drained();
                stop();
            }
        });
    }
}

void Server::Impl::drained() {
    if (--serving_ != 0) return;
    workers_.front()->loop.post([this] {
        if (!options_.on_stop) return finish();
        core::spawn(
            *lifespan_, call(options_.on_stop),
            [](void* user, std::exception_ptr error) {
                auto& self = *static_cast<Impl*>(user);
                if (error) self.fail(error);
                self.finish();
            },
            this);
    });
}

void Server::Impl::finish() {
    for (const auto& worker : workers_) {
        worker->loop.post([&worker = *worker] { worker.loop.finish(); });
    }
}

void Server::Impl::fail(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const core::Cancelled&) {
        // Stopped before it had started, as asked.
    } catch (const std::exception& caught) {
        fail(std::string{caught.what()});
    } catch (...) {
        fail(std::string{"an exception that is no std::exception"});
    }
}

void Server::Impl::fail(std::string error) {
    const std::scoped_lock lock(error_mutex_);
    if (error_.empty()) error_ = std::move(error);
}

void Server::Impl::on_signal(int signal) {
    if (signal == SIGHUP) {
        if (options_.on_reload) options_.on_reload();
        return;
    }
    if (!stop_requested_) return stop();
    lifespan_->cancel();
    for (const auto& worker : workers_) {
        worker->loop.post([&worker = *worker] { worker.force_stop(); });
    }
}

void Server::Impl::stop() noexcept {
    stop_requested_ = true;
    if (!started_ || ended_) return;
    workers_.front()->loop.post([this] {
        if (starting_) lifespan_->cancel();
    });
    for (const auto& worker : workers_) {
        worker->loop.post([&worker = *worker] { worker.begin_stop(); });
    }
}

bool Server::Impl::post(std::size_t loop, core::Reactor::Callback callback) {
    if (!started_ || ended_ || loop >= workers_.size()) return false;
    workers_[loop]->loop.post(std::move(callback));
    return true;
}

Server::Server(http::Handler& handler, ServerOptions options)
    : impl_(std::make_unique<Impl>(handler, std::move(options))) {}
Server::~Server() = default;

std::expected<void, std::string> Server::start() {
    return impl_->start();
}
std::expected<void, std::string> Server::run(std::stop_token token) {
    return impl_->run(std::move(token));
}
void Server::stop() noexcept {
    impl_->stop();
}
std::uint16_t Server::port() const noexcept {
    return impl_->port();
}
std::size_t Server::loops() const noexcept {
    return impl_->loops();
}
bool Server::post(std::size_t loop, core::Reactor::Callback callback) {
    return impl_->post(loop, std::move(callback));
}

}  // namespace portico::net
