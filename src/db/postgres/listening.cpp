#include "db/postgres/listening.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace portico::db::postgres {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{1000};
// A server that went without a word would never be noticed: nothing is sent to it.
constexpr std::chrono::seconds kCheckInterval{10};

std::string quoted(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) {
        if (c == '"') text += c;
        text += c;
    }
    return text + '"';
}

struct Free {
    void operator()(PGnotify* notification) const noexcept { PQfreemem(notification); }
};

}  // namespace

ListeningConnection::ListeningConnection(const Server& server, core::Reactor& reactor,
                                         ListenerOptions options)
    : server_(server), reactor_(reactor), options_(std::move(options)) {
    for (const std::string& channel : options_.channels) {
        listen_ += "LISTEN " + quoted(channel) + ";";
    }
    dial();
}

ListeningConnection::~ListeningConnection() {
    if (timer_ != 0) reactor_.cancel_timer(timer_);
    if (handle_) reactor_.forget(PQsocket(handle_.get()));
}

void ListeningConnection::dial() {
    timer_ = 0;
    dial_ = std::make_unique<Dial>(reactor_, server_.parameters, server_.options.connect_timeout,
                                   server_.background,
                                   [this](Dial::Outcome outcome) { dialled(std::move(outcome)); });
}

void ListeningConnection::dialled(Dial::Outcome outcome) {
    const auto over = std::move(dial_);
    if (!outcome) return lose();
    handle_ = *std::move(outcome);
    ask(listen_);
}

void ListeningConnection::ask(const std::string& sql) {
    if (PQsendQuery(handle_.get(), sql.c_str()) == 0) return lose();
    asked_ = true;
    check_later();
    wait();
}

void ListeningConnection::check_later() {
    if (timer_ != 0) reactor_.cancel_timer(timer_);
    timer_ = reactor_.start_timer(reactor_.now() + kCheckInterval, [this] {
        timer_ = 0;
        check();
    });
}

void ListeningConnection::check() {
    if (asked_) return lose();
    reactor_.forget(PQsocket(handle_.get()));
    ask("");
}

void ListeningConnection::wait() {
    reactor_.when_ready(PQsocket(handle_.get()), core::Reactor::Interest::readable,
                        [this] { on_readable(); });
}

void ListeningConnection::on_readable() {
    if (PQconsumeInput(handle_.get()) == 0 || !read_answers()) return lose();
    if (!asked_ && !std::exchange(listens_, true)) {
        failures_ = 0;
        if (options_.on_connected) options_.on_connected();
    }
    while (const std::unique_ptr<PGnotify, Free> sent{PQnotifies(handle_.get())}) {
        options_.on_notification({.channel = sent->relname, .payload = sent->extra});
    }
    wait();
}

bool ListeningConnection::read_answers() {
    while (asked_ && PQisBusy(handle_.get()) == 0) {
        const Result answer{PQgetResult(handle_.get())};
        if (!answer) asked_ = false;
        if (PQresultStatus(answer.get()) == PGRES_FATAL_ERROR && answer) return false;
    }
    return true;
}

void ListeningConnection::lose() {
    if (timer_ != 0) reactor_.cancel_timer(std::exchange(timer_, 0));
    if (handle_) reactor_.forget(PQsocket(handle_.get()));
    handle_.reset();
    listens_ = asked_ = false;
    const auto pause = std::min(kFirstPause * (1 << std::min(failures_++, 10)), kLongestPause);
    timer_ = reactor_.start_timer(reactor_.now() + pause, [this] { dial(); });
}

}  // namespace portico::db::postgres
