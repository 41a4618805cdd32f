#include "portico/logging/logging.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "logging/line.hpp"

namespace portico::logging {
namespace {

std::atomic<Logging*> default_logging{nullptr};

constexpr std::size_t kKeptLineBytes = std::size_t{32} << 10;

}  // namespace

std::expected<std::unique_ptr<Logging>, std::string> setup(Options options) {
    if (options.to_stdout) {
        options.sinks.push_back(descriptor_sink(STDOUT_FILENO, options.format, options.queue));
    }
    if (!options.file.empty()) {
        auto file = file_sink(options.file, options.format, options.queue);
        if (!file) return std::unexpected(std::move(file.error()));
        options.sinks.push_back(*std::move(file));
    }
    return std::unique_ptr<Logging>(new Logging(std::move(options)));
}

Logging::Logging(Options options) : options_(std::move(options)) {
    const Level quiet = std::max(Level::warning, options_.level);
    options_.levels.try_emplace("portico.access", quiet);
    options_.levels.try_emplace("portico.db", quiet);
}

Logging::~Logging() {
    Logging* self = this;
    default_logging.compare_exchange_strong(self, nullptr);
}

Level Logging::level_for(std::string_view name) const {
    for (;;) {
        const auto found = options_.levels.find(name);
        if (found != options_.levels.end()) return found->second;
        const auto dot = name.rfind('.');
        if (dot == std::string_view::npos) return options_.level;
        name = name.substr(0, dot);
    }
}

Logger Logging::logger(std::string_view name) {
    const std::scoped_lock lock(mutex_);
    auto found = nodes_.find(name);
    if (found == nodes_.end()) {
        auto node = std::make_unique<detail::Node>(this, std::string(name.empty() ? "root" : name),
                                                   level_for(name));
        found = nodes_.emplace(std::string(name), std::move(node)).first;
    }
    return Logger{found->second.get(), {}};
}

void Logging::set_level(std::string_view name, Level level) {
    const std::scoped_lock lock(mutex_);
    if (name.empty()) {
        options_.level = level;
    } else {
        options_.levels.insert_or_assign(std::string(name), level);
    }
    for (const auto& [node_name, node] : nodes_) {
        node->level.store(level_for(node_name), std::memory_order_relaxed);
    }
}

std::expected<void, std::string> Logging::reopen() {
    std::expected<void, std::string> result;
    for (const auto& sink : options_.sinks) {
        auto reopened = sink->reopen();
        if (!reopened && result) result = std::move(reopened);
    }
    return result;
}

bool Logging::flush(std::chrono::milliseconds patience) noexcept {
    bool all = true;
    for (const auto& sink : options_.sinks) all = sink->flush(patience) && all;
    return all;
}

std::uint64_t Logging::dropped() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& sink : options_.sinks) sum += sink->dropped();
    return sum;
}

void Logging::write(const Record& record) noexcept {
    try {
        thread_local std::string line;
        line.clear();
        detail::append_line(record, options_.format, line);
        for (const auto& sink : options_.sinks) sink->write(record, line);
        if (line.capacity() > kKeptLineBytes) line = {};
    } catch (const std::bad_alloc&) {
        // Out of memory: the line is lost, the program that wanted to tell of it goes on.
    }
}

void Logger::write(Level level, std::string_view message,
                   std::span<const Field> fields) const noexcept {
    if (level >= Level::off) return;
    node_->owner->write(
        {node_->owner->options_.clock->now(), level, node_->name, message, request_id_, fields});
}

Logger get_logger(std::string_view name) {
    Logging* logging = default_logging.load(std::memory_order_acquire);
    return logging != nullptr ? logging->logger(name) : Logger{};
}

DefaultLogging::DefaultLogging(Logging& logging) noexcept
    : before_(default_logging.exchange(&logging, std::memory_order_acq_rel)) {}

DefaultLogging::~DefaultLogging() {
    default_logging.store(before_, std::memory_order_release);
}

}  // namespace portico::logging
