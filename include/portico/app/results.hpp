#pragma once

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "portico/core/generator.hpp"
#include "portico/http/response.hpp"

/// What a handler may return, besides a model (200 and its JSON), `void` (200 and `null`),
/// `std::optional<T>` (nothing: 404), `std::expected<T, E>` (E is answered as if it were thrown, or
/// is a `Status` itself), a `std::variant` of what has different statuses or bodies (one of 400 and
/// above finishes dependencies as failed), `http::Response`, and a `Task` of any of these; a
/// `Generator<T>` (JSON lines, `application/jsonl`) and an `EventSourceResponse<T>` as it is.
namespace portico::app {

/// A model with another status than 200. Made from the model, or from what makes the model:
///
///     Created<ItemPublic> create(ItemCreate item) { return {1, item.name, item.price}; }
template <int Code, class T>
class Status {
public:
    static_assert(Code >= 200 && Code <= 599, "a status is 200 to 599");
    static constexpr int kCode = Code;

    // NOLINTNEXTLINE(google-explicit-constructor)
    Status(T from) : value(std::move(from)) {}
    template <class... A>
        requires(sizeof...(A) > 1 && std::is_constructible_v<T, A...>)
    // NOLINTNEXTLINE(google-explicit-constructor)
    Status(A&&... members) : value(std::forward<A>(members)...) {}

    T value;
};

template <class T>
using Created = Status<201, T>;
template <class T>
using Accepted = Status<202, T>;

/// 204, no body.
struct NoContent {};

/// 307 by default, which keeps method and body; 303 after a form was taken.
struct Redirect {
    std::string location;
    int status = 307;
};

struct HTMLResponse {
    std::string html;
    int status = 200;
};

struct PlainTextResponse {
    std::string text;
    int status = 200;
};

/// A body made piece by piece, see `http::BodyStream`; back-pressure comes from the client.
struct StreamingResponse {
    std::unique_ptr<http::BodyStream> body;
    std::string media_type = "application/octet-stream";
    int status = 200;
    /// The first piece is made before anything is sent: an exception until then is answered as any
    /// other, later ones cut the connection. The stream must bear being destroyed after it.
    bool wait_for_first = false;
};

namespace detail {

template <class F>
class FunctionStream final : public http::BodyStream {
public:
    explicit FunctionStream(F next) : next_(std::move(next)) {}
    [[nodiscard]] core::Task<std::optional<std::string>> next() override { return next_(); }

private:
    F next_;
};

/// Of an event stream the head goes out at once: its first event may be long in coming.
[[nodiscard]] StreamingResponse started(std::unique_ptr<http::BodyStream> body,
                                        std::string media_type);

}  // namespace detail

/// A stream from a function that gives the next piece each time it is called, and nothing at the
/// end. The function lives as long as the stream.
///
///     return stream([i = 0]() mutable -> Task<std::optional<std::string>> {
///         if (i == 3) co_return std::nullopt;
///         co_return std::to_string(i++) + "\n";
///     }, "text/plain");
template <class F>
    requires std::is_same_v<std::invoke_result_t<F&>, core::Task<std::optional<std::string>>>
[[nodiscard]] StreamingResponse stream(F next,
                                       std::string media_type = "application/octet-stream") {
    return detail::started(std::make_unique<detail::FunctionStream<F>>(std::move(next)),
                           std::move(media_type));
}

/// A stream of what a generator yields.
///
///     Generator<std::string> rows(Session session);
///     app.get("/export", […] { return stream(rows(session), "text/csv"); });
[[nodiscard]] StreamingResponse stream(core::Generator<std::string> pieces,
                                       std::string media_type = "application/octet-stream");

}  // namespace portico::app
