#include "portico/guard/security_log.hpp"

#include <array>
#include <utility>

#include "portico/logging/syslog_sink.hpp"

namespace portico::guard {
namespace {

constexpr std::size_t kLongestPath = 256;

std::string_view route_of(const http::Request& request) noexcept {
    const auto* route = request.route();
    return route != nullptr ? std::string_view(route->path_template) : std::string_view();
}

std::string joined(std::span<const std::string_view> rules) {
    std::string all;
    for (const auto rule : rules) {
        if (!all.empty()) all += ' ';
        all += rule;
    }
    return all;
}

}  // namespace

SecurityLogOptions log_options_of(const Config& config, logging::Level level) {
    return {.file = config.log_file,
            .syslog = config.log_syslog.value_or(""),
            .level = level,
            .request_level = logging::parse_level(config.log_request_level).value(),
            .suspicious_level = logging::parse_level(config.log_suspicious_level).value()};
}

std::expected<std::unique_ptr<SecurityLog>, std::string> SecurityLog::open(
    SecurityLogOptions options) {
    if (!options.syslog.empty()) {
        // RFC 5424 §6.2.1: "security/authorization messages"
        auto sink = logging::SyslogSink::open(
            {.address = options.syslog, .app_name = "portico-guard", .facility = 10});
        if (!sink) return std::unexpected(std::move(sink.error()));
        options.sinks.push_back(*std::move(sink));
    }
    auto logging = logging::setup({.level = options.level,
                                   .format = logging::Format::json,
                                   .to_stdout = false,
                                   .file = options.file,
                                   .sinks = options.sinks,
                                   .clock = options.clock});
    if (!logging) return std::unexpected(std::move(logging.error()));
    return std::unique_ptr<SecurityLog>(new SecurityLog(std::move(options), *std::move(logging)));
}

SecurityLog::SecurityLog(SecurityLogOptions options, std::unique_ptr<logging::Logging> logging)
    : options_(std::move(options)),
      logging_(std::move(logging)),
      logger_(logging_->logger("portico.guard")) {}

bool SecurityLog::take_place() noexcept {
    const std::int64_t second =
        std::chrono::floor<std::chrono::seconds>(options_.clock->now()).time_since_epoch().count();
    std::int64_t current = second_.load(std::memory_order_relaxed);
    if (current != second && second_.compare_exchange_strong(current, second)) {
        const std::uint32_t lines = lines_.exchange(0);
        if (lines > options_.lines_per_second) {
            logger_.log(options_.suspicious_level, "lines left out",
                        std::array{logging::Field("count", lines - options_.lines_per_second)});
        }
    }
    return lines_.fetch_add(1) < options_.lines_per_second;
}

void SecurityLog::record(const Event& event) noexcept {
    if (!logger_.enabled(options_.suspicious_level) || !take_place()) return;
    const http::Request& request = event.request;
    char address[http::IpAddress::kMaxText];
    const std::string rules = joined(event.rules);
    logger_.with(request.id())
        .log(
            options_.suspicious_level, "suspicious request",
            std::array{logging::Field("address", request.client().format(address)),
                       logging::Field("method", request.method_name()),
                       logging::Field("route", route_of(request)),
                       logging::Field("path", request.path().substr(0, kLongestPath)),
                       logging::Field("check", event.check), logging::Field("action", event.action),
                       logging::Field("status", event.status), logging::Field("score", event.score),
                       logging::Field("rules", rules), logging::Field("where", event.where)});
}

void SecurityLog::record_request(const http::Request& request) noexcept {
    if (!logger_.enabled(options_.request_level) || !take_place()) return;
    char address[http::IpAddress::kMaxText];
    logger_.with(request.id())
        .log(options_.request_level, "request",
             std::array{logging::Field("address", request.client().format(address)),
                        logging::Field("method", request.method_name()),
                        logging::Field("route", route_of(request)),
                        logging::Field("path", request.path().substr(0, kLongestPath))});
}

}  // namespace portico::guard
