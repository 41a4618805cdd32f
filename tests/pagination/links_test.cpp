#include "portico/pagination/links.hpp"

#include <gtest/gtest.h>

namespace portico::pagination {
namespace {

using Items = std::vector<int>;

TEST(Links, lead_to_the_pages_around_a_page) {
    const auto page = make_page(Items{1, 2}, 9, PageParams{.page = 2, .size = 2});
    EXPECT_EQ(page.pages, 5);
    const Links links = page_links("q=a%20b&page=2&size=2", page);
    EXPECT_EQ(links.first, "?q=a%20b&page=1&size=2");
    EXPECT_EQ(links.prev, "?q=a%20b&page=1&size=2");
    EXPECT_EQ(links.next, "?q=a%20b&page=3&size=2");
    EXPECT_EQ(links.last, "?q=a%20b&page=5&size=2");
}

TEST(Links, the_ends_of_a_list_lead_no_further) {
    const Links one = page_links("", make_page(Items{1}, 1, PageParams{}));
    EXPECT_EQ(one.prev, std::nullopt);
    EXPECT_EQ(one.next, std::nullopt);
    EXPECT_EQ(one.last, "?page=1");
    const Links none = page_links("", make_page(Items{}, 0, PageParams{}));
    EXPECT_EQ(none.last, "?page=1");
    const Links beyond = page_links("", make_page(Items{}, 3, PageParams{.page = 9, .size = 2}));
    EXPECT_EQ(beyond.prev, "?page=2");
    EXPECT_EQ(beyond.next, std::nullopt);
}

TEST(Links, of_a_list_by_position_go_in_steps) {
    const auto links = [](std::int64_t skip, int limit) {
        return page_links("", make_page(Items{}, 95, LimitOffset{.skip = skip, .limit = limit}));
    };
    EXPECT_EQ(links(20, 10).prev, "?skip=10");
    EXPECT_EQ(links(20, 10).next, "?skip=30");
    EXPECT_EQ(links(20, 10).last, "?skip=90");
    EXPECT_EQ(links(5, 10).prev, "?skip=0");
    EXPECT_EQ(links(5, 10).last, "?skip=85");
    EXPECT_EQ(links(90, 10).next, std::nullopt);
    EXPECT_EQ(links(85, 10).next, std::nullopt);
    EXPECT_EQ(links(0, 10).prev, std::nullopt);
    EXPECT_EQ(links(9223372036854775807, 10).next, std::nullopt);
}

TEST(Links, a_cursor_leads_on_and_to_the_beginning) {
    const CursorPage<int> page{{1}, "abc", true};
    const Links links = page_links("cursor=old&limit=5&cursor=twice", page);
    EXPECT_EQ(links.first, "?limit=5");
    EXPECT_EQ(links.next, "?cursor=abc&limit=5");
    EXPECT_EQ(page_links("", CursorPage<int>{}).next, std::nullopt);
}

TEST(Links, are_one_field) {
    const Links links{.first = "?page=1", .next = "?page=3"};
    EXPECT_EQ(links.to_string(), "<?page=1>; rel=\"first\", <?page=3>; rel=\"next\"");
    EXPECT_EQ(Links{.next = "?page=3"}.to_string("https://example.com/items"),
              "<https://example.com/items?page=3>; rel=\"next\"");
    EXPECT_EQ(Links{}.to_string(), "");
}

TEST(Links, what_a_client_sent_does_not_get_out_of_its_reference) {
    const Links links =
        page_links("a=>; rel=\"next\", <//evil\r\n", make_page(Items{}, 0, PageParams{}));
    EXPECT_EQ(links.first, "?a=%3E;%20rel=%22next%22,%20%3C//evil%0D%0A&page=1");
}

}  // namespace
}  // namespace portico::pagination
