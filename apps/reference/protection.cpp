#include "protection.hpp"

#include <stdexcept>

#include <portico/metrics/request_metrics.hpp>

namespace reference {

Protection::Protection(const Settings& settings, logging::Logging& logging, redis::Client* redis)
    : metrics_(std::make_unique<metrics::Registry>()) {
    if (!settings.guard.log_file.empty() || settings.guard.log_syslog) {
        auto opened = guard::SecurityLog::open(
            guard::log_options_of(settings.guard, level_of(settings.log_level)));
        if (!opened) throw std::runtime_error("guard's log: " + opened.error());
        log_ = *std::move(opened);
    }
    guard::GuardServices services{
        .on_event = [this](const guard::Event& event) { record(event); },
        .never_banned = http::CidrSet::parse(settings.trusted_proxies).value(),
        .redis = redis,
        .on_rules_fault =
            [log = logging.logger("portico.guard")](std::string_view fault) {
                log.warning("the guard's rules in Redis can't hold", {{"fault", fault}});
            }};
    if (log_) {
        services.on_request = [this](const Request& request) { log_->record_request(request); };
    }
    guard_ = std::make_shared<guard::GuardMiddleware>(settings.guard, std::move(services));

    metrics_->add_source(&metrics::process_samples);
    metrics_->add_source([this](metrics::Samples& samples) {
        samples.gauge("guard_bans", "Clients that are banned",
                      static_cast<double>(guard_->bans().size()));
    });
}

void Protection::record(const guard::Event& event) {
    if (log_) log_->record(event);
    metrics_
        ->counter("guard_blocks_total", "Requests that the guard did not like",
                  {{"check", std::string(event.check)}, {"action", std::string(event.action)}})
        .add();
}

void Protection::add_metrics_to(App& app) {
    app.add_middleware<metrics::RequestMetrics>(*metrics_);
}

void Protection::add_guard_to(App& app) {
    app.add_middleware(guard_);
}

std::expected<void, std::string> Protection::reload() {
    if (log_) {
        if (auto reopened = log_->reopen(); !reopened) return reopened;
    }
    return guard_->reload();
}

Task<void> follow_bans(App& app, Serving& serving) {
    return app.state<Protection>()->guard().follow_bans(serving);
}

Task<void> follow_rules(App& app, Serving& serving) {
    return app.state<Protection>()->guard().follow_rules(serving);
}

}  // namespace reference
