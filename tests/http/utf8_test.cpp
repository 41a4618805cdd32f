#include "portico/http/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace portico::http {
namespace {

/// In one piece, and byte by byte.
bool in_pieces_too(std::string_view text) {
    const bool once = is_utf8(text);
    Utf8Validator pieces;
    bool bytes = true;
    for (const char& c : text) bytes = bytes && pieces.feed({&c, 1});
    bytes = bytes && pieces.complete();
    EXPECT_EQ(once, bytes) << testing::PrintToString(text);
    return once;
}

TEST(Utf8Validator, takes_every_length_up_to_the_last_code_point) {
    for (const auto* text :
         {"", "plain text that is longer than eight bytes", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80",
          "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        EXPECT_TRUE(in_pieces_too(text));
        EXPECT_TRUE(in_pieces_too(std::string("12345678") + text + "9"));
    }
}

TEST(Utf8Validator, refuses_what_is_none) {
    for (const auto* text :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF",
          "\xED\xA0\x80", "\xEF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
          "\xFE", "\xFF", "\xF0\x90\x80"}) {
        EXPECT_FALSE(in_pieces_too(text)) << testing::PrintToString(text);
        EXPECT_FALSE(in_pieces_too(std::string("12345678") + text));
    }
}

TEST(Utf8Validator, sees_a_fault_before_the_character_ends) {
    Utf8Validator validator;
    EXPECT_TRUE(validator.feed("\xF4"));
    EXPECT_FALSE(validator.feed("\x90"));
}

}  // namespace
}  // namespace portico::http
