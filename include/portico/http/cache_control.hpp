#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace portico::http {

/// The directives of a response's `Cache-Control` (RFC 9111 §5.2.2). Written in this order.
///
///     response.headers.set("Cache-Control",
///                          CacheControl{.is_public = true, .max_age = 60s}.to_string());
struct CacheControl {
    bool is_public = false;   ///< "public": shared caches may keep even what they else would not.
    bool is_private = false;  ///< "private": only the client's own cache may keep it.
    bool no_cache = false;    ///< Kept, but asked about before each use.
    bool no_store = false;    ///< Not kept at all.
    std::optional<std::chrono::seconds> max_age = {};   ///< Fresh for so long.
    std::optional<std::chrono::seconds> s_maxage = {};  ///< The same, for shared caches.
    std::optional<std::chrono::seconds> stale_while_revalidate = {};  ///< RFC 5861 §3.
    std::optional<std::chrono::seconds> stale_if_error = {};          ///< RFC 5861 §4.
    bool must_revalidate = false;
    bool immutable = false;  ///< RFC 8246: not asked about while it is fresh.
    bool no_transform = false;

    /// Throws `std::invalid_argument` for nothing at all, a negative time, and what contradicts
    /// itself: public and private, `no_store` with anything that is about what is kept.
    [[nodiscard]] std::string to_string() const;

    /// Of any field: unknown directives are passed over, of repeated ones the stricter counts. A
    /// time that is no number is 0, so that what is not understood is not kept (RFC 9111 §4.2.1).
    [[nodiscard]] static CacheControl parse(std::string_view field) noexcept;
};

}  // namespace portico::http
