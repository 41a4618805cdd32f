#include "guard/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include "guard/policy.hpp"
#include "guard/printable.hpp"
#include "portico/core/reactor.hpp"
#include "portico/core/task.hpp"
#include "portico/guard/detection.hpp"
#include "portico/guard/guard_middleware.hpp"
#include "portico/http/method.hpp"
#include "portico/http/refused.hpp"
#include "portico/http/status.hpp"

namespace portico::guard {
namespace {

using BodyResult = std::expected<std::string_view, http::BodyError>;

/// All of the body is there, so nothing ever waits for the loop.
class NoLoop final : public core::Reactor {
public:
    void post(Callback) override {}
    void when_ready(int, Interest, Callback) override {}
    void forget(int) noexcept override {}
    [[nodiscard]] TimerId start_timer(TimePoint, Callback) override { return 1; }
    void cancel_timer(TimerId) noexcept override {}
    [[nodiscard]] TimePoint now() const noexcept override { return {}; }
};

class WholeBody final : public http::BodySource {
public:
    explicit WholeBody(std::string_view text) : text_(text) {}

    [[nodiscard]] std::optional<BodyResult> buffered(std::size_t) override {
        return BodyResult(text_);
    }
    [[nodiscard]] core::Task<BodyResult> read_all(std::size_t) override {
        co_return BodyResult(text_);
    }
    [[nodiscard]] core::Task<BodyResult> read_some(std::size_t) override {
        co_return BodyResult(std::exchange(text_, {}));
    }
    [[nodiscard]] std::optional<std::uint64_t> length() const noexcept override {
        return text_.size();
    }

private:
    std::string_view text_;
};

class ImaginedExchange final : public http::Exchange {
public:
    using Exchange::Exchange;
    void send() noexcept override {}
};

/// Passes the guard, and is read as a handler reads it.
core::Task<void> pass(GuardMiddleware& guard, ImaginedExchange& exchange) {
    http::Decision decision = guard.on_request(exchange);
    if (decision.kind() == http::Decision::Kind::wait) {
        core::Task<http::Decision> task = std::move(decision.task());
        decision = co_await std::move(task);
    }
    if (decision.kind() == http::Decision::Kind::answer || exchange.refusal) co_return;
    if (exchange.request.body_source() != nullptr) {
        (void)co_await exchange.request.body_source()->read_all(
            exchange.request.body_source()->length().value_or(0));
    }
}

std::vector<std::string_view> unscanned_of(const http::Request& request) {
    std::vector<std::string_view> names;
    if (request.route() == nullptr) return names;
    for (const auto& rules : request.route()->access) {
        names.insert(names.end(), rules->unscanned_fields.begin(), rules->unscanned_fields.end());
    }
    return names;
}

/// Whether they make it an attack.
bool tell_hits(const Detector& detector, const http::Request& request, std::string_view body,
               std::string& out) {
    const auto unscanned = unscanned_of(request);
    Scan scan{detector, {unscanned}};
    scan.path(request.raw_path());
    scan.query(request.raw_query());
    scan.headers(request.headers());
    if (!body.empty()) scan.body(request.header("Content-Type"), body);
    for (const Hit& hit : scan.hits()) {
        const auto rule = std::ranges::find(detector.rules(), hit.rule, &Rule::id);
        out +=
            fmt::format("  found    {} in {}{}: {} ({}) {}\n", hit.rule, name_of(hit.place),
                        hit.field.empty() ? "" : "." + printable(hit.field), hit.score,
                        name_of(hit.severity), rule == detector.rules().end() ? "" : rule->about);
    }
    for (const auto reason : {NotScanned::nested, NotScanned::work, NotScanned::binary_body,
                              NotScanned::encoded_body}) {
        if (scan.was_not_scanned(reason)) {
            out += fmt::format("  unread   not all of it was looked at: {}\n", name_of(reason));
        }
    }
    out += fmt::format("  score    {}, an attack from {} on\n", scan.score(), detector.threshold());
    return scan.is_attack();
}

/// Why a request that looks like an attack is served.
std::string_view why_served(const Config& config, const http::Request& request) {
    if (!config.enabled) return "the guard is not enabled";
    if (!config.enable_penetration_detection) return "detection is not enabled";
    if (http::CidrSet::parse(config.whitelist).value().contains(request.client())) {
        return "the address is in the whitelist";
    }
    if (config.passive_mode) return "passive_mode refuses nothing";
    const auto* route = request.route();
    for (const std::string_view name : {"all", "detection"}) {
        if (route != nullptr && std::ranges::find(route->bypass, name) != route->bypass.end()) {
            return "the route bypasses detection";
        }
    }
    return "the path is one of exclude_paths, or the rest of it is not looked at";
}

}  // namespace

std::expected<Explanation, std::string> explain(const Config& its_config, http::Handler* routes,
                                                ImaginedRequest imagined) {
    const auto changed = with_dynamic_rules(its_config);
    if (!changed) return std::unexpected(changed.error());
    const Config& config = *changed;
    std::string target;
    for (const char c : imagined.target) target += c == ' ' ? "%20" : std::string(1, c);
    NoLoop loop;
    ImaginedExchange exchange{loop};
    http::Request& request = exchange.request;
    request.set_method(http::parse_method(imagined.method), imagined.method);
    if (!target.starts_with('/') || !request.set_target(target)) {
        return std::unexpected("expected a path that begins with \"/\", percent-encoded: " +
                               printable(imagined.target));
    }
    std::string head;
    auto& fields = request.mutable_headers();
    for (const auto& [name, value] : imagined.headers) {
        const std::size_t at = head.size();
        head += name + value;
        fields.append_range(at, name.size(), at + name.size(), value.size());
    }
    fields.set_text(head.data());
    request.set_peer(imagined.client, 0);
    request.set_host(request.header("Host"));
    WholeBody body{imagined.body};
    if (!imagined.body.empty()) request.set_body_source(&body);
    if (routes != nullptr) routes->match(exchange);

    std::string check;
    std::string action;
    const auto policy = Policy::make(config, nullptr, nullptr);
    if (!policy) return std::unexpected(policy.error());
    const Detector& detector = (*policy)->detector;
    GuardMiddleware guard{config,
                          {.on_event =
                               [&](const Event& event) {
                                   check = event.check;
                                   action = event.action;
                               },
                           .detector = detector}};
    std::optional<std::pair<int, std::string>> answer;
    std::exception_ptr failure;
    core::spawn(
        exchange.context, pass(guard, exchange),
        [](void* to, std::exception_ptr error) {
            *static_cast<std::exception_ptr*>(to) = std::move(error);
        },
        &failure);
    if (exchange.refusal) {
        answer = {exchange.refusal->status, std::string(exchange.refusal->detail)};
    } else if (failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const http::Refused& refused) {
            answer = {refused.status(), std::string(refused.detail())};
        }
    }

    Explanation explanation{.text = {}, .refused = answer.has_value()};
    std::string& out = explanation.text;
    out += fmt::format("{} {}\n", imagined.method, printable(imagined.target));
    out += fmt::format("  from     {}\n", imagined.client.to_string());
    if (routes != nullptr) {
        out += fmt::format("  route    {}\n",
                           request.route() != nullptr ? request.route()->path_template : "none");
    }
    const bool is_attack = tell_hits(detector, request, imagined.body, out);
    if (!check.empty()) out += fmt::format("  check    {}: {}\n", check, action);
    if (!answer) {
        if (is_attack) out += fmt::format("  served   {}\n", why_served(config, request));
        out += "  answer   the application's\n";
        return explanation;
    }
    out += fmt::format("  answer   {} {}\n", answer->first,
                       answer->second.empty() ? http::status_phrase(answer->first)
                                              : std::string_view(answer->second));
    if (check == "detection" && config.enable_ip_banning) {
        out += fmt::format("  counts   towards a ban: {} such requests within {} s bring it\n",
                           config.auto_ban_threshold, config.auto_ban_duration);
    }
    return explanation;
}

}  // namespace portico::guard
