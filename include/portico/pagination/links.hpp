#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "portico/pagination/page.hpp"

namespace portico::pagination {

/// The pages around a page, as references of the request's own query: "?page=2&size=20". So they
/// are right behind any proxy, and nothing that a client says of a host gets into them.
struct Links {
    std::optional<std::string> first;
    std::optional<std::string> prev;
    std::optional<std::string> next;
    std::optional<std::string> last;

    /// The value of a `Link` field (RFC 8288 §3), empty without any link. `base` is put before each
    /// reference, "https://api.example.com/items", for clients that resolve none.
    ///
    ///     response.headers.set("Link", page_links(request.raw_query(), page).to_string());
    [[nodiscard]] std::string to_string(std::string_view base = {}) const;
};

namespace detail {

[[nodiscard]] Links page_links(std::string_view query, std::int64_t page, std::int64_t pages);
[[nodiscard]] Links offset_links(std::string_view query, std::int64_t total, std::int64_t skip,
                                 std::int64_t limit);
[[nodiscard]] Links cursor_links(std::string_view query, const std::string* next_cursor);

}  // namespace detail

/// `query` is the request's as it was sent (`request.raw_query()`); its other parameters stay.
template <class T>
[[nodiscard]] Links page_links(std::string_view query, const Page<T>& page) {
    return detail::page_links(query, page.page, page.pages);
}
template <class T>
[[nodiscard]] Links page_links(std::string_view query, const OffsetPage<T>& page) {
    return detail::offset_links(query, page.total, page.skip, page.limit);
}
/// First and next: a cursor does not lead back.
template <class T>
[[nodiscard]] Links page_links(std::string_view query, const CursorPage<T>& page) {
    return detail::cursor_links(query, page.next_cursor ? &*page.next_cursor : nullptr);
}

}  // namespace portico::pagination
