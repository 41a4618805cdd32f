#include "portico/pagination/page.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace portico::pagination {
namespace {

struct Row {
    std::int64_t id;
    std::string secret;
};
struct Item {
    std::int64_t id;
};

const CursorCodec<std::int64_t> kCursors(crypto::SecretKey("0123456789abcdef0123456789abcdef"),
                                         "x");

std::vector<Row> rows_after(std::int64_t id, std::int64_t count, std::int64_t last) {
    std::vector<Row> rows;
    for (auto next = id + 1; next <= last && std::ssize(rows) < count; ++next) {
        rows.push_back({next, "s"});
    }
    return rows;
}

TEST(Page, a_full_page_with_one_more_row_points_to_the_next) {
    const auto page = make_page(rows_after(0, 3, 10), 2, kCursors, &Row::id);
    ASSERT_EQ(page.items.size(), 2U);
    EXPECT_TRUE(page.has_more);
    EXPECT_EQ(kCursors.decode(page.next_cursor.value()).value(), 2);
}

TEST(Page, the_last_page_points_nowhere) {
    const auto full = make_page(rows_after(8, 3, 10), 2, kCursors, &Row::id);
    EXPECT_EQ(full.items.size(), 2U);
    EXPECT_FALSE(full.has_more);
    EXPECT_EQ(full.next_cursor, std::nullopt);
    const auto none = make_page(rows_after(10, 3, 10), 2, kCursors, &Row::id);
    EXPECT_TRUE(none.items.empty());
    EXPECT_FALSE(none.has_more);
}

TEST(Page, the_client_sees_items_not_rows) {
    const auto page = make_page(rows_after(0, 3, 10), 2, kCursors, &Row::id,
                                [](const Row& row) { return Item{row.id}; });
    static_assert(std::is_same_v<decltype(page), const CursorPage<Item>>);
    EXPECT_EQ(page.items.at(1).id, 2);
}

TEST(Page, following_the_cursors_shows_every_row_once) {
    std::vector<std::int64_t> seen;
    std::int64_t after = 0;
    for (;;) {
        const auto page = make_page(rows_after(after, 4, 10), 3, kCursors, &Row::id);
        for (const Row& row : page.items) seen.push_back(row.id);
        if (!page.next_cursor) break;
        after = kCursors.decode(*page.next_cursor).value();
    }
    EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
}

TEST(Page, is_written_as_items_cursor_and_whether_there_is_more) {
    const CursorPage<Item> page{.items = {{1}}};
    EXPECT_EQ(model::to_json(page), R"({"items":[{"id":1}],"next_cursor":null,"has_more":false})");
}

TEST(Page, the_parameters_have_their_defaults_and_bounds) {
    const auto params = model::read_json<CursorParams>("{}");
    ASSERT_TRUE(params.has_value());
    EXPECT_EQ(params->limit, 20);
    EXPECT_FALSE(params->cursor.has_value());
    EXPECT_FALSE(model::read_json<CursorParams>(R"({"limit":101})").has_value());
    EXPECT_FALSE(model::read_json<CursorParams>(R"({"limit":0})").has_value());
    EXPECT_FALSE(model::read_json<LimitOffset>(R"({"skip":-1})").has_value());
    EXPECT_TRUE(model::read_json<LimitOffset>(R"({"skip":5,"limit":1000})").has_value());
}

}  // namespace
}  // namespace portico::pagination
