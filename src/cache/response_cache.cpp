#include "portico/cache/response_cache.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cache/flights.hpp"
#include "portico/http/cache_control.hpp"
#include "portico/http/date.hpp"
#include "portico/http/etag.hpp"

namespace portico::cache {

class ResponseCache::Flights : public FlightTable {};

namespace {

using std::chrono::seconds;

/// So long it is remembered that a key's responses are not kept, so that nobody waits for them.
constexpr seconds kNotKept{10};
/// How often a request takes the place of one that is gone, before it is served for itself.
constexpr int kMostTurns = 8;

/// Left in the state of the request that is served for all who wait.
class Lead {
public:
    Lead(std::shared_ptr<FlightTable> flights, std::shared_ptr<ResponseStore> store,
         std::string base, std::string key)
        : flights_(std::move(flights)),
          store_(std::move(store)),
          base_(std::move(base)),
          key_(std::move(key)) {}
    ~Lead() {
        flights_->land(key_, landing);
        if (claimed_) store_->release(key_);
    }
    Lead(const Lead&) = delete;
    Lead& operator=(const Lead&) = delete;

    [[nodiscard]] const FlightTable* flights() const noexcept { return flights_.get(); }
    [[nodiscard]] const std::string& base() const noexcept { return base_; }

    /// False: another process has made the response, and all who wait shall look again.
    [[nodiscard]] core::Task<bool> claim() {
        claimed_ = co_await store_->claim(key_);
        if (!claimed_) landing = Landing::kept;
        co_return claimed_;
    }

    Landing landing = Landing::abandoned;

private:
    std::shared_ptr<FlightTable> flights_;
    std::shared_ptr<ResponseStore> store_;
    std::string base_;
    std::string key_;
    bool claimed_ = false;
};
using SharedLead = std::shared_ptr<Lead>;  // `State` holds what can be copied

bool is_conditional(const http::HeaderView& headers) noexcept {
    return headers.contains("If-None-Match") || headers.contains("If-Modified-Since") ||
           headers.contains("If-Match") || headers.contains("If-Unmodified-Since");
}

bool may_be_answered(const http::Request& request) {
    const auto method = request.method();
    if (method != http::Method::get && method != http::Method::head) return false;
    const auto* route = request.route();
    if (route == nullptr || route->needs_credentials || request.asks_upgrade() ||
        request.body_source() != nullptr) {
        return false;
    }
    const auto& headers = request.headers();
    for (const auto* name : {"Authorization", "Cookie", "Range", "Pragma"}) {
        if (headers.contains(name)) return false;
    }
    if (!headers.contains("Cache-Control")) return true;
    const auto asked = http::CacheControl::parse(headers.value_or_empty("Cache-Control"));
    return !asked.no_store && !asked.no_cache;
}

std::string base_key(const http::Request& request) {
    std::string key(request.scheme());
    return key.append("://").append(request.host()).append(request.target());
}

/// The names in small letters, each once, in the order of the alphabet. Nothing: "*".
std::optional<std::string> vary_of(const http::Headers& headers) {
    std::vector<std::string> names;
    for (const auto field : headers) {
        if (!http::equal_names(field.name, "Vary")) continue;
        std::string name;
        for (const char c : std::string(field.value) + ',') {
            if (c == ',') {
                if (name == "*") return {};
                if (!name.empty()) names.push_back(std::exchange(name, {}));
            } else if (c != ' ' && c != '\t') {
                name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            }
        }
    }
    std::ranges::sort(names);
    const auto repeated = std::ranges::unique(names);
    names.erase(repeated.begin(), repeated.end());
    std::string joined;
    for (const auto& name : names) joined.append(joined.empty() ? "" : ",").append(name);
    return joined;
}

/// A line feed is in no target, name or value.
std::string variant_key(std::string key, std::string_view vary, const http::HeaderView& headers) {
    while (!vary.empty()) {
        const std::size_t comma = vary.find(',');
        const auto name = vary.substr(0, comma);
        vary = comma == std::string_view::npos ? std::string_view{} : vary.substr(comma + 1);
        key.append("\n").append(name);
        for (const auto value : headers.get_all(name)) key.append("\n=").append(value);
    }
    return key;
}

void answer(http::Exchange& exchange, const KeptResponse& kept) {
    http::Response& response = exchange.response;
    const http::Request& request = exchange.request;
    const auto now = request.clock().now();
    response.status = kept.status;
    // What a layer further out has put on for this very request stays.
    http::Headers headers = kept.headers;
    for (const auto field : response.headers) headers.remove(field.name);
    for (const auto field : response.headers) headers.add(field.name, field.value);
    response.headers = std::move(headers);
    const auto age = std::chrono::floor<seconds>(now - kept.made_at).count();
    response.headers.set("Age", std::to_string(std::max<std::int64_t>(age, 0)));
    const auto changed = kept.headers.get("Last-Modified");
    const http::Validators validators{
        .etag = kept.headers.value_or_empty("ETag"),
        .last_modified = changed ? http::parse_date(*changed, now) : std::nullopt};
    switch (http::evaluate_preconditions(request, validators)) {
        case http::Precondition::proceed:
            response.text() = kept.body;
            return;
        case http::Precondition::not_modified:
            response.status = 304;
            break;
        case http::Precondition::failed:
            response.status = 412;
            break;
    }
    response.text().clear();
    response.headers.remove("Content-Type");
}

/// How long a response is fresh; nothing: it is not to be kept.
std::optional<seconds> lifetime_of(const http::Response& response,
                                   const ResponseCacheOptions& options) {
    if (response.is_stream() || response.bytes().size() > options.max_body ||
        response.headers.contains("Set-Cookie")) {
        return {};
    }
    std::optional<seconds> lifetime;
    if (options.ttl > seconds(0)) lifetime = options.ttl;
    std::string directives;
    for (const auto value : response.headers.get_all("Cache-Control")) {
        directives.append(value).append(",");
    }
    const auto control = http::CacheControl::parse(directives);
    if (control.no_store || control.no_cache || control.is_private) return {};
    if (control.max_age) lifetime = control.max_age;
    if (control.s_maxage) lifetime = control.s_maxage;
    return lifetime && *lifetime > seconds(0) ? lifetime : std::nullopt;
}

}  // namespace

ResponseCache::ResponseCache(ResponseCacheOptions options)
    : options_(std::move(options)), flights_(std::make_shared<Flights>()) {
    if (options_.ttl < seconds(0)) {
        throw std::invalid_argument("response cache: expected a ttl of 0 s or more");
    }
    if (!options_.store) options_.store = std::make_shared<MemoryResponseStore>();
}

ResponseCache::~ResponseCache() = default;

void ResponseCache::clear() {
    options_.store->clear();
}

http::Decision ResponseCache::on_request(http::Exchange& exchange) {
    if (!may_be_answered(exchange.request)) return http::Decision::proceed();
    // A cache around this one has the request already.
    if (exchange.request.state().get<SharedLead>() != nullptr) return http::Decision::proceed();
    return http::Decision::wait(look_up(exchange));
}

core::Task<http::Decision> ResponseCache::look_up(http::Exchange& exchange) {
    http::Request& request = exchange.request;
    const std::string base = base_key(request);
    for (int turn = 0; turn < kMostTurns; ++turn) {
        const auto now = request.clock().now();
        std::string key = base;
        auto kept = co_await options_.store->find(base, now);
        if (kept && kept->status == 0 && !kept->vary.empty()) {
            key = variant_key(base, kept->vary, request.headers());
            kept = co_await options_.store->find(key, now);
        }
        if (kept && kept->status != 0) {
            answer(exchange, *kept);
            co_return http::Decision::answer();
        }
        // A HEAD has no body, and a condition may have none either: neither is served for others.
        if (kept || request.method() == http::Method::head || is_conditional(request.headers())) {
            break;
        }
        const auto [leads, landing] = co_await FlightTable::Joining(*flights_, key);
        if (leads) {
            auto lead = std::make_shared<Lead>(flights_, options_.store, base, std::move(key));
            if (!co_await lead->claim()) continue;
            request.state().set(std::move(lead));
            break;
        }
        if (landing == Landing::not_kept) break;
    }
    co_return http::Decision::proceed();
}

void ResponseCache::on_response(http::Exchange& exchange) {
    auto* const state = exchange.request.state().get<SharedLead>();
    if (state == nullptr || !*state || (*state)->flights() != flights_.get()) return;
    const SharedLead lead = std::exchange(*state, nullptr);
    // The handler of a client that is gone is dropped: there may be no response in the response.
    if (exchange.context.cancelled()) return;
    const http::Response& response = exchange.response;
    lead->landing = Landing::not_kept;
    if (response.status != 200) return;

    const auto now = exchange.request.clock().now();
    const auto vary = vary_of(response.headers);
    const auto lifetime = lifetime_of(response, options_);
    KeptResponse note{.made_at = now, .expires_at = now + kNotKept};
    if (!vary || !lifetime) {
        options_.store->keep(lead->base(), std::make_shared<const KeptResponse>(std::move(note)));
        return;
    }
    std::string key = lead->base();
    if (!vary->empty()) {
        note.vary = *vary;
        note.expires_at = now + *lifetime;
        options_.store->keep(key, std::make_shared<const KeptResponse>(std::move(note)));
        key = variant_key(std::move(key), *vary, exchange.request.headers());
    }
    options_.store->keep(std::move(key), std::make_shared<const KeptResponse>(
                                             KeptResponse{.status = response.status,
                                                          .headers = response.headers,
                                                          .body = std::string(response.bytes()),
                                                          .made_at = now,
                                                          .expires_at = now + *lifetime}));
    lead->landing = Landing::kept;
}

}  // namespace portico::cache
