#pragma once

#include <atomic>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "portico/core/context.hpp"
#include "portico/logging/field.hpp"
#include "portico/logging/level.hpp"

namespace portico::logging {

class Logging;

namespace detail {

struct Node {
    Logging* owner;
    std::string name;
    std::atomic<Level> level;
};

}  // namespace detail

/// Writes lines under a dotted name, "shop.orders", to the `Logging` that made it.
///
/// A value of three words: copy it, keep it in a member, take it as a parameter. A default one
/// writes nothing, so that a logger can be optional without a check. It must not outlive its
/// `Logging`. Thread-safe; never throws and never waits for a slow terminal or disk: see `Options`.
/// A line below the logger's level costs one load and one comparison.
///
///     Logger log = logging.logger("shop.orders");
///     log.with(request.id()).warning("payment refused", {{"order", id}, {"reason", reason}});
class Logger {
public:
    Logger() noexcept = default;

    /// The same logger, whose lines carry a request id. The text must outlive the result.
    [[nodiscard]] Logger with(std::string_view request_id) const noexcept {
        return Logger{node_, request_id};
    }
    /// The id of the request that a coroutine works for: `log.with(*co_await this_context())`.
    [[nodiscard]] Logger with(const core::Context& context) const noexcept {
        return Logger{node_, context.request_id()};
    }

    [[nodiscard]] bool enabled(Level level) const noexcept {
        return node_ != nullptr && level >= node_->level.load(std::memory_order_relaxed);
    }

    using Fields = std::initializer_list<Field>;

    void debug(std::string_view message, Fields fields = {}) const noexcept {
        log(Level::debug, message, {fields.begin(), fields.size()});
    }
    void info(std::string_view message, Fields fields = {}) const noexcept {
        log(Level::info, message, {fields.begin(), fields.size()});
    }
    void warning(std::string_view message, Fields fields = {}) const noexcept {
        log(Level::warning, message, {fields.begin(), fields.size()});
    }
    void error(std::string_view message, Fields fields = {}) const noexcept {
        log(Level::error, message, {fields.begin(), fields.size()});
    }
    void critical(std::string_view message, Fields fields = {}) const noexcept {
        log(Level::critical, message, {fields.begin(), fields.size()});
    }

    /// For levels and fields that are known at run time only.
    void log(Level level, std::string_view message,
             std::span<const Field> fields = {}) const noexcept {
        if (enabled(level)) write(level, message, fields);
    }

    /// Empty for a default logger.
    [[nodiscard]] std::string_view name() const noexcept {
        return node_ != nullptr ? std::string_view(node_->name) : std::string_view();
    }

private:
    friend class Logging;
    Logger(const detail::Node* node, std::string_view request_id) noexcept
        : node_(node), request_id_(request_id) {}

    void write(Level level, std::string_view message, std::span<const Field> fields) const noexcept;

    const detail::Node* node_ = nullptr;
    std::string_view request_id_;
};

}  // namespace portico::logging
