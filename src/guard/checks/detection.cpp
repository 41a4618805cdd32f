#include <algorithm>
#include <new>

#include "guard/checks/checks.hpp"
#include "guard/scan_visit.hpp"

namespace portico::guard::checks {
namespace {

std::span<const std::string_view> unscanned_of(const Visit& visit, core::Arena& arena) {
    std::size_t count = 0;
    for (const auto& rules : visit.rules()) count += rules->unscanned_fields.size();
    if (count == 0) return {};
    auto* names = static_cast<std::string_view*>(
        arena.allocate(count * sizeof(std::string_view), alignof(std::string_view)));
    std::size_t at = 0;
    for (const auto& rules : visit.rules()) {
        for (const auto& name : rules->unscanned_fields)
            ::new (names + at++) std::string_view(name);
    }
    return {names, count};
}

void scan_head(Scan& scan, const http::Request& request) {
    scan.path(request.raw_path());
    scan.query(request.raw_query());
    scan.headers(request.headers());
}

}  // namespace

std::optional<Block> detection(GuardParts& parts, Visit& visit) {
    const bool detects = visit.policy.config.enable_penetration_detection && !visit.whitelisted &&
                         !visit.excluded && !visit.bypasses("detection");
    const bool has_honeypot =
        !visit.bypasses("honeypot") && std::ranges::any_of(visit.rules(), [](const auto& rules) {
            return !rules->honeypot_fields.empty();
        });
    if (!detects && !has_honeypot) return {};
    http::Request& request = visit.exchange.request;
    const ScanOptions options{unscanned_of(visit, visit.exchange.arena)};
    if (request.body_source() == nullptr) {
        if (!detects) return {};
        Scan scan{visit.policy.detector, options};
        scan_head(scan, request);
        return judge(parts, visit, scan);
    }
    auto body = std::make_shared<ScannedBody>(parts, visit, options, detects);
    if (detects) scan_head(body->scan, request);
    if (body->scan.is_attack()) {
        if (const auto block = judge(parts, visit, body->scan)) return block;
        if (!has_honeypot) return {};  // it is passive, and has been told
    }
    visit.body = body.get();
    request.set_body_source(body.get());
    request.state().set(std::move(body));
    return {};
}

}  // namespace portico::guard::checks
