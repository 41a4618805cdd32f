#include "redis/session.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "portico/redis/error.hpp"
#include "redis/command.hpp"

namespace portico::redis {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{2000};
/// After so long a connection is no failure any more, however it ends.
constexpr milliseconds kStable{500};

std::uint64_t seed() {
    std::random_device device;
    return std::uint64_t{device()} << 32U | device() | 1U;
}

/// xorshift64: enough to keep the clients of a restarted server apart.
std::uint64_t next(std::uint64_t& state) noexcept {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    return state;
}

void write(std::string& out, std::initializer_list<std::string_view> words) {
    write_head(out, words.size());
    for (const auto word : words) write_word(out, word);
}

/// An address that is not in a URL can be anything.
std::string name_of(const Url::Host& host) {
    Url url;
    url.hosts = {host};
    return url.describe();
}

}  // namespace

Session::Session(std::shared_ptr<Backend> backend, core::Reactor& loop)
    : backend_(std::move(backend)), loop_(loop), stream_(*this, loop), random_(seed()) {}

Session::~Session() {
    if (told_lost_) backend_->health.forget();
}

void Session::start() {
    try_to_connect();
}

void Session::close() {
    if (state_ == State::closed) return;
    state_ = State::closed;
    stop_timer();
    stream_.close();
    on_down("the client is closed");
}

void Session::try_to_connect() {
    timer_ = 0;
    sentinel_ = 0;
    asking_sentinel_ = !backend_->url.master.empty();
    if (asking_sentinel_) return ask_sentinel();
    const Url& url = backend_->url;
    if (url.socket.empty()) return connect_to(url.hosts.front());
    where_ = url.describe();
    parser_.emplace(backend_->options.limits);
    start_timer(backend_->options.connect_timeout, nullptr);
    stream_.connect(url.socket);
}

void Session::ask_sentinel() {
    connect_to(backend_->url.hosts[sentinel_]);
}

void Session::connect_to(const Url::Host& host) {
    where_ = name_of(host);
    parser_.emplace(backend_->options.limits);
    start_timer(backend_->options.connect_timeout, nullptr);
    stream_.connect(host, backend_->tls.get());
}

void Session::on_connected() {
    std::string out;
    steps_ = 0;
    if (asking_sentinel_) {
        const ClientOptions& options = backend_->options;
        add_login(out, steps_, options.sentinel_user, options.sentinel_password);
        write(out, {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", backend_->url.master});
    } else {
        const Url& url = backend_->url;
        add_login(out, steps_, url.user, url.password);
        if (url.database != 0) {
            write(out, {"SELECT", std::to_string(url.database)});
            ++steps_;
        }
        // The last proves that it answers, and with Sentinel that it is the master still.
        if (url.master.empty()) {
            write(out, {"PING"});
        } else {
            write(out, {"ROLE"});
        }
    }
    ++steps_;
    stream_.write(out);
}

void Session::add_login(std::string& to, std::size_t& replies, std::string_view user,
                        std::string_view password) {
    if (password.empty()) return;
    if (user.empty()) {
        write(to, {"AUTH", password});
    } else {
        write(to, {"AUTH", user, password});
    }
    ++replies;
}

void Session::on_bytes(std::string_view bytes) {
    heard_at_ = loop_.now();
    const std::uint64_t attempt = attempt_;
    parser_->feed(bytes);
    Reply reply;
    while (true) {
        switch (parser_->next(reply)) {
            case ReplyParser::Result::more:
                return;
            case ReplyParser::Result::failed:
                return lose("the answer can't be read: " + parser_->error());
            case ReplyParser::Result::reply:
                break;
        }
        if (state_ == State::up) {
            on_reply(std::move(reply));
        } else {
            on_step(std::move(reply));
        }
        if (attempt != attempt_ || state_ == State::closed) return;
    }
}

void Session::on_step(Reply&& reply) {
    if (steps_ == 0) return on_broken("it answers what was not asked");
    if (reply.is_error()) return on_broken(Error("", reply.text()).what());
    if (--steps_ != 0) return;
    if (asking_sentinel_) return on_sentinel_answer(reply);
    if (!backend_->url.master.empty()) {
        // ROLE: ["master", …] or ["slave", …]
        const auto& role = reply.elements();
        if (role.empty() || role.front().text() != "master") {
            return on_broken("it is no master; a failover is under way");
        }
    }
    succeeded();
}

void Session::on_sentinel_answer(const Reply& reply) {
    const auto& address = reply.elements();
    Url::Host host;
    if (address.size() == 2) {
        const auto port = std::atoi(std::string(address[1].text()).c_str());
        host = {.name = std::string(address[0].text()), .port = static_cast<std::uint16_t>(port)};
    }
    if (host.name.empty() || host.port == 0) {
        return on_broken("it knows no master \"" + backend_->url.master + "\"");
    }
    ++attempt_;
    stream_.close();
    asking_sentinel_ = false;
    connect_to(host);
}

void Session::succeeded() {
    stop_timer();
    state_ = State::up;
    up_at_ = heard_at_ = loop_.now();
    if (std::exchange(told_lost_, false)) backend_->health.back(backend_->options);
    on_up();
}

void Session::on_broken(std::string why) {
    if (asking_sentinel_ && state_ != State::up && ++sentinel_ < backend_->url.hosts.size()) {
        ++attempt_;
        stream_.close();
        stop_timer();
        return ask_sentinel();
    }
    lose(std::move(why));
}

void Session::lose(std::string why) {
    if (state_ == State::closed) return;
    if (state_ == State::up && loop_.now() - up_at_ >= kStable) failures_ = 0;
    ++attempt_;
    stop_timer();
    stream_.close();
    state_ = State::down;
    why = where_ + ": " + why;
    if (!std::exchange(told_lost_, true)) backend_->health.lost(backend_->options, why);
    start_timer(pause(), &Session::try_to_connect);
    on_down(why);
}

milliseconds Session::pause() {
    const unsigned doubled = std::min(failures_++, 10U);
    const auto longest = std::min(kFirstPause * (1U << doubled), kLongestPause);
    const auto half = static_cast<std::uint64_t>(longest.count() / 2);
    return milliseconds(static_cast<milliseconds::rep>(half + next(random_) % (half + 1)));
}

void Session::start_timer(milliseconds after, void (Session::*then)()) {
    stop_timer();
    timer_ = loop_.start_timer(loop_.now() + after, [self = shared(this), then] {
        self->timer_ = 0;
        if (then != nullptr) return (self.get()->*then)();
        self->stream_.close();
        self->on_broken("no answer in " +
                        std::to_string(self->backend_->options.connect_timeout.count()) + " ms");
    });
}

void Session::stop_timer() noexcept {
    if (timer_ != 0) loop_.cancel_timer(std::exchange(timer_, 0));
}

}  // namespace portico::redis
