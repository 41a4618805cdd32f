#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "portico/cache/response_store.hpp"
#include "portico/http/middleware.hpp"

namespace portico::cache {

/// What a response cache keeps.
struct ResponseCacheOptions {
    /// How long a response is kept that does not say so itself (`Cache-Control: max-age`, or
    /// `s-maxage`, which goes before). 0: only those that do are kept.
    std::chrono::seconds ttl = std::chrono::seconds(0);
    std::size_t max_body = std::size_t{1024} * 1024;  ///< Bytes; longer ones are not kept.
    /// Null: in memory, 64 MiB.
    std::shared_ptr<ResponseStore> store = {};
};

/// A layer that answers GET and HEAD with what the same request was answered before.
///
/// The key is scheme, host, target, and the fields that the response's `Vary` names. Only a 200 is
/// kept, never one with `Set-Cookie`, `no-store`, `private`, `no-cache` or `Vary: *`, nor a stream.
/// A request with credentials (`Authorization`, `Cookie`, a route with a security scheme) is passed
/// on and its answer not kept; so is one with `Cache-Control: no-store` or `no-cache`, with a body,
/// or for a range. However many ask for the same at once, one of them is served by the
/// application, the others wait for its answer.
///
/// What is kept is answered with `Age`; conditional requests with 304 or 412. Layers added before
/// this one still see every request. Thread-safe.
///
///     Router router{{.prefix = "/catalogue"}};
///     router.add_middleware<cache::ResponseCache>(cache::ResponseCacheOptions{.ttl = 60s});
class ResponseCache final : public http::Middleware {
public:
    /// Throws `std::invalid_argument` for a negative time.
    explicit ResponseCache(ResponseCacheOptions options = {});
    ~ResponseCache() override;

    http::Decision on_request(http::Exchange& exchange) override;
    void on_response(http::Exchange& exchange) override;

    /// Forgets everything: after a change of what the responses are made of.
    void clear();

private:
    class Flights;

    [[nodiscard]] core::Task<http::Decision> look_up(http::Exchange& exchange);

    ResponseCacheOptions options_;
    std::shared_ptr<Flights> flights_;
};

}  // namespace portico::cache
