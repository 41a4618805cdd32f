#include "portico/logging/level.hpp"

#include <gtest/gtest.h>

namespace portico::logging {
namespace {

TEST(Level, is_parsed_in_any_case) {
    EXPECT_EQ(parse_level("INFO"), Level::info);
    EXPECT_EQ(parse_level("warning"), Level::warning);
    EXPECT_EQ(parse_level("Warn"), Level::warning);
    EXPECT_EQ(parse_level("fatal"), Level::critical);
}

TEST(Level, another_text_is_no_level) {
    EXPECT_EQ(parse_level(""), std::nullopt);
    EXPECT_EQ(parse_level("INFOS"), std::nullopt);
    EXPECT_EQ(parse_level("20"), std::nullopt);
}

TEST(Level, every_name_is_parsed_back) {
    for (const Level level :
         {Level::debug, Level::info, Level::warning, Level::error, Level::critical, Level::off}) {
        EXPECT_EQ(parse_level(to_string(level)), level);
    }
}

}  // namespace
}  // namespace portico::logging
