#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "portico/model/annotated.hpp"
#include "portico/pagination/cursor.hpp"

namespace portico::pagination {

/// The parameters of a list that is read page by page: `Query<CursorParams> page`.
struct CursorParams {
    model::Annotated<std::optional<std::string>,
                     model::description("`next_cursor` of the page before; none: the first page")>
        cursor = model::empty;
    model::Annotated<int, model::ge(1), model::le(100), model::description("Items on a page")>
        limit = 20;
};

/// The parameters of a list that is read by position: `Query<LimitOffset> page`. For short lists of
/// people who jump to a page; the database counts off all rows before it.
struct LimitOffset {
    model::Annotated<std::int64_t, model::ge(0), model::description("Items before the page")> skip =
        0;
    model::Annotated<int, model::ge(1), model::le(1000), model::description("Items on a page")>
        limit = 100;
};

/// The parameters of a list that is read by the number of a page: `Query<PageParams> page`. As with
/// `LimitOffset`, the database counts off all rows before it.
struct PageParams {
    model::Annotated<int, model::ge(1), model::description("Number of the page, from 1")> page = 1;
    model::Annotated<int, model::ge(1), model::le(100), model::description("Items on a page")>
        size = 20;

    /// The items before the page.
    [[nodiscard]] std::int64_t offset() const noexcept {
        return (std::int64_t{int(page)} - 1) * int(size);
    }
};

/// One page of a list, by its number.
template <class T>
struct Page {
    std::vector<T> items;
    std::int64_t total;  ///< Items of the whole list.
    std::int64_t page;
    std::int64_t size;
    std::int64_t pages;
};

/// One page of a list, by its position.
template <class T>
struct OffsetPage {
    std::vector<T> items;
    std::int64_t total;  ///< Items of the whole list.
    std::int64_t skip;
    std::int64_t limit;
};

/// One page of a list, by a cursor.
template <class T>
struct CursorPage {
    std::vector<T> items;
    std::optional<std::string> next_cursor;  ///< Null on the last page.
    bool has_more = false;
};

template <class T>
[[nodiscard]] Page<T> make_page(std::vector<T> items, std::int64_t total,
                                const PageParams& params) {
    const std::int64_t size = int(params.size);
    const std::int64_t pages = total / size + (total % size != 0 ? 1 : 0);
    return {std::move(items), total, int(params.page), size, pages};
}

template <class T>
[[nodiscard]] OffsetPage<T> make_page(std::vector<T> items, std::int64_t total,
                                      const LimitOffset& params) {
    return {std::move(items), total, std::int64_t(params.skip), int(params.limit)};
}

/// Makes a page of the rows after a position: ask the database for `limit + 1` of them, so that
/// "is there more?" needs no second query. `position_of` gives a row's position, `to_item` what the
/// client sees of it.
///
///     auto rows = co_await repository.after(position, page.limit + 1);
///     co_return make_page(std::move(rows), page.limit, cursors, &Item::id, to_public);
template <class Row, class Position, class PositionOf, class ToItem = std::identity>
[[nodiscard]] auto make_page(std::vector<Row> rows, std::size_t limit,
                             const CursorCodec<Position>& cursors, PositionOf position_of,
                             ToItem to_item = {}) {
    using Item = std::remove_cvref_t<std::invoke_result_t<ToItem&, Row&&>>;
    CursorPage<Item> page;
    page.has_more = limit > 0 && rows.size() > limit;
    if (page.has_more) {
        page.next_cursor = cursors.encode(std::invoke(position_of, std::as_const(rows[limit - 1])));
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
    }
    page.items.reserve(rows.size());
    for (Row& row : rows) page.items.push_back(std::invoke(to_item, std::move(row)));
    return page;
}

}  // namespace portico::pagination
