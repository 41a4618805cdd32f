#include "redis/connection.hpp"

#include <algorithm>
#include <utility>

#include "portico/redis/error.hpp"
#include "redis/command.hpp"

namespace portico::redis {
namespace {

using TimePoint = core::Reactor::TimePoint;

/// Of the memory of what was sent.
constexpr std::size_t kKept = std::size_t{256} * 1024;

std::exception_ptr unavailable(std::string why) {
    return std::make_exception_ptr(Unavailable(std::move(why)));
}

std::exception_ptr timeout_of(const detail::Call& call) {
    std::string message(call.name());
    if (!message.empty()) message += ": ";
    return std::make_exception_ptr(Timeout(message + "no answer from Redis in time"));
}

/// What the request is to throw; null: nothing.
std::exception_ptr stop_of(const core::Context& context) {
    try {
        context.throw_if_stopped();
    } catch (...) {
        return std::current_exception();
    }
    return nullptr;
}

}  // namespace

Connection::~Connection() {
    for (; !outstanding_.empty(); outstanding_.pop()) {
        if (auto* const call = outstanding_.front().call) call->connection_ = nullptr;
    }
}

bool Connection::submit(detail::Call& call) {
    count(counts_.commands, call.replies_.size());
    if (auto failure = obstacle()) {
        count(counts_.refused);
        call.failure_ = std::move(failure);
        return false;
    }
    if (call.words_.empty()) {
        unsent_ += call.bytes_;
    } else {
        write_command(unsent_, call.words_);
    }
    const TimePoint now = loop().now();
    const auto usual = backend().options.timeout;
    const auto timeout = call.timeout_ > call.timeout_.zero() ? call.timeout_ : usual;
    call.connection_ = this;
    call.sequence_ = outstanding_.end();
    push({.call = &call,
          .replies = call.replies_.size(),
          .at = now,
          .wakes = std::min(now + timeout, std::max(now, call.context_->deadline())),
          .times_out = now + timeout,
          .due = now + std::max(timeout, usual)});
    return true;
}

bool Connection::send(std::string_view bytes) {
    count(counts_.commands);
    if (obstacle()) {
        count(counts_.refused);
        return false;
    }
    unsent_ += bytes;
    const TimePoint now = loop().now();
    const TimePoint due = now + backend().options.timeout;
    push({.call = nullptr, .replies = 1, .at = now, .wakes = due, .times_out = due, .due = due});
    return true;
}

void Connection::leave(detail::Call& call) noexcept {
    outstanding_[call.sequence_].call = nullptr;
    call.connection_ = nullptr;
}

std::exception_ptr Connection::obstacle() {
    if (down_) return down_;
    const ClientOptions& options = backend().options;
    if (outstanding_.size() >= options.max_outstanding ||
        unsent_.size() + stream().unsent() > options.max_unsent) {
        return unavailable("too many commands wait for Redis");
    }
    if (!outstanding_.empty() && loop().now() >= outstanding_.front().due &&
        too_slow(outstanding_.front().due)) {
        return unavailable("Redis does not answer");
    }
    return nullptr;
}

/// Whether nothing was heard for as long as the oldest command has waited.
bool Connection::too_slow(TimePoint since) noexcept {
    return loop().now() - std::max(outstanding_.front().at, heard_at()) >=
           since - outstanding_.front().at;
}

void Connection::push(Sent sent) {
    outstanding_.push(sent);
    watch(sent.wakes);
    flush_later();
}

void Connection::flush_later() {
    if (state() != State::up || std::exchange(flush_posted_, true)) return;
    loop().post([self = shared(this)] {
        self->flush_posted_ = false;
        self->flush();
    });
}

void Connection::flush() {
    if (state() != State::up || unsent_.empty()) return;
    count(counts_.writes);
    stream().write(unsent_);
    if (unsent_.capacity() > kKept) unsent_ = {};
}

void Connection::on_up() {
    down_ = nullptr;
    up_.store(true, std::memory_order_relaxed);
    count(counts_.connects);
    flush();
}

void Connection::on_reply(Reply&& reply) {
    if (outstanding_.empty()) return lose("it answers what was not asked");
    // A failover has made a replica of it; the Sentinels know the new master.
    const bool demoted = reply.is_error() && !backend().url.master.empty() &&
                         Error("", reply.text()).kind() == Error::Kind::read_only;
    Sent& sent = outstanding_.front();
    detail::Call* const call = sent.call;
    if (call != nullptr) call->replies_[call->answered_++] = std::move(reply);
    if (--sent.replies == 0) {
        outstanding_.pop();
        if (call != nullptr) end(*call, nullptr);
    }
    if (demoted) lose("it is a replica now");
}

void Connection::on_down(const std::string& why) {
    up_.store(false, std::memory_order_relaxed);
    down_ = unavailable(why);
    if (watch_ != 0) loop().cancel_timer(std::exchange(watch_, 0));
    unsent_.clear();
    while (!outstanding_.empty()) {
        detail::Call* const call = outstanding_.front().call;
        outstanding_.pop();
        if (call != nullptr) end(*call, down_);
    }
}

void Connection::watch(TimePoint at) {
    if (watch_ != 0) {
        if (watch_at_ <= at) return;
        loop().cancel_timer(watch_);
    }
    watch_at_ = at;
    watch_ = loop().start_timer(at, [self = shared(this)] {
        self->watch_ = 0;
        self->on_watch();
    });
}

/// Ends what has waited for long enough, and a connection that has said nothing for twice as long.
void Connection::on_watch() {
    const TimePoint now = loop().now();
    for (auto number = outstanding_.first(); number < outstanding_.end(); ++number) {
        // What is resumed may send, and lose the connection.
        if (number < outstanding_.first()) continue;
        Sent& sent = outstanding_[number];
        if (sent.call == nullptr || now < sent.wakes) continue;
        std::exception_ptr failure;
        if (now >= sent.times_out) {
            count(counts_.timeouts);
            failure = timeout_of(*sent.call);
        } else {
            failure = stop_of(*sent.call->context_);
        }
        sent.wakes = sent.times_out;  // a request that is shielded from its deadline waits on
        if (failure) end(*std::exchange(sent.call, nullptr), std::move(failure));
    }
    if (outstanding_.empty()) return;
    const Sent& oldest = outstanding_.front();
    const TimePoint given_up = oldest.due + (oldest.due - oldest.at);
    if (state() == State::up && now >= given_up && too_slow(given_up)) {
        return lose(
            "it has left a command unanswered for " +
            std::to_string(
                std::chrono::ceil<std::chrono::milliseconds>(given_up - oldest.at).count()) +
            " ms");
    }
    TimePoint next = std::max(given_up, now + std::chrono::milliseconds(100));
    for (auto number = outstanding_.first(); number < outstanding_.end(); ++number) {
        const Sent& sent = outstanding_[number];
        if (sent.call != nullptr) next = std::min(next, sent.wakes);
    }
    watch(next);
}

void Connection::end(detail::Call& call, std::exception_ptr failure) {
    call.connection_ = nullptr;
    call.failure_ = std::move(failure);
    call.waiter_.resume();
}

}  // namespace portico::redis
