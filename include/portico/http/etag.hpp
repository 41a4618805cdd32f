#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "portico/http/date.hpp"

namespace portico::http {

class Request;
class Response;

/// An entity tag (RFC 9110 §8.8.3): an opaque text, weak or strong.
///
/// The suffix that `for_encoding` puts on is seen through by all comparisons here: a client that
/// got `"5f3-gzip"` may ask with it for the item whose tag is `"5f3"`.
struct EntityTag {
    std::string_view opaque;  ///< Without the quotes.
    bool weak = false;

    /// Exactly one tag: `"abc"` or `W/"abc"`.
    [[nodiscard]] static std::optional<EntityTag> parse(std::string_view text) noexcept;
};

/// `"opaque"`, or `W/"opaque"`. Throws `std::invalid_argument` for what a tag can't hold: quotes,
/// spaces, control characters.
[[nodiscard]] std::string make_etag(std::string_view opaque, bool weak = false);

/// The tag of the representation that is compressed with `coding` ("gzip", "br", "zstd"): `"abc"`
/// becomes `"abc-gzip"`. A text that is no tag, or has the suffix, is returned as it is.
[[nodiscard]] std::string etag_for_encoding(std::string_view etag, std::string_view coding);

/// True when an `If-Match` field lets the request through: "*", or a list that holds the tag,
/// compared strongly (RFC 9110 §13.1.1). `etag` is the current one, with its quotes.
[[nodiscard]] bool if_match_holds(std::string_view field, std::string_view etag) noexcept;
/// True when an `If-None-Match` field lets the request through: it is not "*" and no list that
/// holds the tag, compared weakly (RFC 9110 §13.1.2).
[[nodiscard]] bool if_none_match_holds(std::string_view field, std::string_view etag) noexcept;

/// What is known of the representation that a request asks for.
struct Validators {
    bool exists = true;     ///< False: there is none yet, as for a PUT that creates.
    std::string_view etag;  ///< With its quotes; empty when it has none.
    std::optional<DateTime> last_modified;  ///< Compared in whole seconds.
};

/// What a request's preconditions come to.
enum class Precondition : std::uint8_t {
    proceed,       ///< As if there were none.
    not_modified,  ///< 304, to a GET or HEAD.
    failed,        ///< 412.
};

/// Evaluates `If-Match`, `If-Unmodified-Since`, `If-None-Match` and `If-Modified-Since` in the
/// order of RFC 9110 §13.2.2. For a change, call it inside the change's transaction.
///
///     switch (evaluate_preconditions(request, {.etag = item.etag})) …
[[nodiscard]] Precondition evaluate_preconditions(const Request& request,
                                                  const Validators& validators);

/// The answer to a request whose preconditions do not let it through: 304 with the validators, or
/// 412. Nothing: go on, and put the same validators on the answer (`set_validators`).
///
///     if (auto answer = answer_preconditions(request, validators)) return *std::move(answer);
[[nodiscard]] std::optional<Response> answer_preconditions(const Request& request,
                                                           const Validators& validators);

/// Puts `ETag` and `Last-Modified` on a response.
void set_validators(Response& response, const Validators& validators);

}  // namespace portico::http
