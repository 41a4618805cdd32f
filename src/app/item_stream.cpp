#include "app/item_stream.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "portico/app/event_source.hpp"
#include "portico/core/reactor.hpp"
#include "portico/model/write.hpp"

namespace portico::app {

namespace {

constexpr std::chrono::seconds kIdle{15};
constexpr std::string_view kPing = ": ping\n\n";
/// Bytes that make a piece, however much more there is at once.
constexpr std::size_t kPiece = 16 * 1024;

class ItemStream final : public http::BodyStream {
public:
    ItemStream(core::AnyGenerator items, ItemFormat format, model::Slot slot)
        : items_(std::move(items)), format_(format), slot_(slot) {}

    [[nodiscard]] core::Task<std::optional<std::string>> next() override {
        core::Context* const context = co_await core::this_context();
        // An event stream lasts for as long as somebody listens.
        if (pings()) context->set_deadline(core::Context::TimePoint::max());
        std::string out;
        // Of JSON lines the first goes alone: until it is sent the generator rests at a co_yield,
        // where it may be destroyed if nobody sends it.
        const std::size_t enough = first_ && !pings() ? 1 : kPiece;
        first_ = false;
        while (!failure_ && !items_.handle().done() && out.size() < enough) {
            if (!std::exchange(running_, true)) run(*context);
            if (!items_.ready()) {
                // What is here goes out while the next item is made.
                if (!out.empty()) break;
                if (!co_await Ready{*this, pings()}) co_return std::string(kPing);
            }
            take(out);
        }
        // What was yielded before an exception is sent before it.
        if (!out.empty()) co_return out;
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
        co_return std::nullopt;
    }

    /// A generator that waits for something can't be destroyed: it ends first.
    [[nodiscard]] core::Task<void> close() override {
        if (!running_) co_return;
        core::Context* const context = co_await core::this_context();
        context->cancel();
        if (!items_.ready()) static_cast<void>(co_await Ready{*this, false});
    }

private:
    /// Ends with true when there is an item or the end; with false when it has taken too long.
    class Ready {
    public:
        Ready(ItemStream& stream, bool timed) noexcept
            : promise_(stream.items_.promise()), timed_(timed) {}

        [[nodiscard]] bool await_ready() const noexcept { return false; }
        template <class P>
        void await_suspend(std::coroutine_handle<P> self) {
            promise_.continuation = self;
            if (!timed_) return;
            reactor_ = &core::detail::require_context(core::detail::context_of(self)).reactor();
            timer_ = reactor_->start_timer(reactor_->now() + kIdle, [this, self] {
                timer_ = 0;
                promise_.continuation = std::noop_coroutine();
                self.resume();
            });
        }
        [[nodiscard]] bool await_resume() {
            if (timed_ && timer_ == 0) return false;
            if (timed_) reactor_->cancel_timer(timer_);
            return true;
        }

    private:
        core::GeneratorPromise& promise_;
        bool timed_;
        core::Reactor* reactor_ = nullptr;
        core::Reactor::TimerId timer_ = 0;
    };

    [[nodiscard]] bool pings() const noexcept {
        return format_ == ItemFormat::event_data || format_ == ItemFormat::event;
    }

    /// Up to the next item, the end, or what has to be waited for.
    void run(core::Context& context) {
        core::GeneratorPromise& promise = items_.promise();
        promise.context = &context;
        promise.continuation = std::noop_coroutine();
        promise.item = nullptr;
        items_.handle().resume();
    }

    void take(std::string& out) {
        core::GeneratorPromise& promise = items_.promise();
        running_ = false;
        const std::size_t before = out.size();
        try {
            if (promise.exception) {
                failure_ = std::exchange(promise.exception, nullptr);
            } else if (!items_.handle().done()) {
                write(promise.item, out);
            }
        } catch (...) {
            out.resize(before);
            failure_ = std::current_exception();
        }
    }

    void write(void* item, std::string& out) const {
        switch (format_) {
            case ItemFormat::json_lines:
                model::write_json(slot_, item, out);
                out += '\n';
                break;
            case ItemFormat::event_data:
                out += "data: ";
                model::write_json(slot_, item, out);
                out += "\n\n";
                break;
            case ItemFormat::event:
                static_cast<const ServerSentEvent*>(item)->append_to(out);
                break;
        }
    }

    core::AnyGenerator items_;
    ItemFormat format_;
    model::Slot slot_;
    bool first_ = true;
    bool running_ = false;        // an item was asked for and not taken yet
    std::exception_ptr failure_;  // to be thrown when what came before it is sent
};

}  // namespace

std::unique_ptr<http::BodyStream> item_stream(core::AnyGenerator items, ItemFormat format,
                                              model::Slot slot) {
    return std::make_unique<ItemStream>(std::move(items), format, slot);
}

}  // namespace portico::app
