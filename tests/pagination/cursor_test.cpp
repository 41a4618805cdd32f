#include "portico/pagination/cursor.hpp"

#include <gtest/gtest.h>

#include <cstdint>

#include "portico/crypto/base64.hpp"

namespace portico::pagination {
namespace {

const crypto::SecretKey kKey{"0123456789abcdef0123456789abcdef"};
const crypto::SecretKey kOther{"another key that is long enough!"};

struct ByPrice {
    double price;
    std::int64_t id;
};

TEST(Cursor, a_position_comes_back) {
    const CursorCodec<std::int64_t> cursors(kKey, "GET /items by id");
    for (const std::int64_t id : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 62}) {
        EXPECT_EQ(cursors.decode(cursors.encode(id)).value(), id);
    }
}

TEST(Cursor, a_position_may_be_several_columns) {
    const CursorCodec<ByPrice> cursors(kKey, "GET /items by price");
    const auto position = cursors.decode(cursors.encode({0.1, 7}));
    ASSERT_TRUE(position.has_value());
    EXPECT_EQ(position->price, 0.1);
    EXPECT_EQ(position->id, 7);
}

TEST(Cursor, is_safe_in_a_query) {
    const CursorCodec<std::string> cursors(kKey, "x");
    const auto cursor = cursors.encode("\xff?&=+/ ");
    EXPECT_EQ(cursor.find_first_not_of(
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
}

TEST(Cursor, of_another_list_or_order_is_refused) {
    const CursorCodec<std::int64_t> items(kKey, "GET /items by id");
    const CursorCodec<std::int64_t> users(kKey, "GET /users by id");
    EXPECT_EQ(users.decode(items.encode(7)).error(), CursorError::forged);
}

TEST(Cursor, of_another_key_is_refused) {
    const CursorCodec<std::int64_t> mine(kKey, "x");
    const CursorCodec<std::int64_t> theirs(kOther, "x");
    EXPECT_EQ(mine.decode(theirs.encode(7)).error(), CursorError::forged);
}

TEST(Cursor, of_the_previous_key_is_accepted_but_not_made) {
    const CursorCodec<std::int64_t> before(kOther, "x");
    const CursorCodec<std::int64_t> now(kKey, "x", kOther);
    EXPECT_EQ(now.decode(before.encode(7)).value(), 7);
    EXPECT_EQ(before.decode(now.encode(7)).error(), CursorError::forged);
}

TEST(Cursor, every_changed_byte_is_noticed) {
    const CursorCodec<std::int64_t> cursors(kKey, "x");
    const std::string bytes = crypto::base64url_decode(cursors.encode(1234)).value();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        const auto position = cursors.decode(crypto::base64url_encode(changed));
        ASSERT_FALSE(position.has_value()) << i;
        EXPECT_EQ(position.error(), CursorError::forged);
    }
}

TEST(Cursor, what_is_none_is_malformed) {
    const CursorSeal seal(kKey, "x");
    for (const auto* text : {"", "7", "not base64!", "AAAA", "%3D"}) {
        EXPECT_EQ(seal.open(text).error(), CursorError::malformed) << text;
    }
    EXPECT_EQ(seal.open(std::string(kMostCursorBytes + 1, 'A')).error(), CursorError::malformed);
    EXPECT_EQ(seal.open(std::string(kMostCursorBytes, 'A')).error(), CursorError::forged);
}

TEST(Cursor, a_position_of_another_shape_is_unreadable) {
    const CursorCodec<std::string> before(kKey, "x");
    const CursorCodec<std::int64_t> now(kKey, "x");
    EXPECT_EQ(now.decode(before.encode("a name")).error(), CursorError::unreadable);
}

TEST(Cursor, all_errors_read_the_same) {
    EXPECT_EQ(describe(CursorError::malformed), "is not a cursor of this list");
    EXPECT_EQ(describe(CursorError::forged), describe(CursorError::unreadable));
}

}  // namespace
}  // namespace portico::pagination
