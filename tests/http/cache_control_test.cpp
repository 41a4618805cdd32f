#include "portico/http/cache_control.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace portico::http {
namespace {

using namespace std::chrono_literals;

TEST(CacheControl, is_written_in_the_words_of_the_rfc) {
    EXPECT_EQ((CacheControl{.is_public = true, .max_age = 60s}.to_string()), "public, max-age=60");
    EXPECT_EQ((CacheControl{.no_store = true}.to_string()), "no-store");
    EXPECT_EQ((CacheControl{.is_private = true,
                            .no_cache = true,
                            .max_age = 0s,
                            .s_maxage = 1h,
                            .stale_while_revalidate = 30s,
                            .stale_if_error = 24h,
                            .must_revalidate = true,
                            .immutable = true,
                            .no_transform = true}
                   .to_string()),
              "private, no-cache, must-revalidate, immutable, no-transform, max-age=0, "
              "s-maxage=3600, stale-while-revalidate=30, stale-if-error=86400");
}

TEST(CacheControl, what_contradicts_itself_is_refused) {
    EXPECT_THROW((void)CacheControl{}.to_string(), std::invalid_argument);
    EXPECT_THROW((void)(CacheControl{.is_public = true, .is_private = true}.to_string()),
                 std::invalid_argument);
    EXPECT_THROW((void)(CacheControl{.no_store = true, .max_age = 1s}.to_string()),
                 std::invalid_argument);
    EXPECT_THROW((void)(CacheControl{.is_public = true, .no_store = true}.to_string()),
                 std::invalid_argument);
    EXPECT_THROW((void)(CacheControl{.max_age = -1s}.to_string()), std::invalid_argument);
}

TEST(CacheControl, is_read_however_it_is_written) {
    const auto control =
        CacheControl::parse("Public ,MAX-AGE = \"60\", x=\"no-store, a\",,s-maxage=5");
    EXPECT_TRUE(control.is_public);
    EXPECT_EQ(control.max_age, 60s);
    EXPECT_EQ(control.s_maxage, 5s);
    EXPECT_FALSE(control.no_store);
    EXPECT_TRUE(CacheControl::parse("private=\"set-cookie\"").is_private);
    EXPECT_EQ(CacheControl::parse("").max_age, std::nullopt);
}

TEST(CacheControl, what_is_not_understood_is_not_kept) {
    EXPECT_EQ(CacheControl::parse("max-age=soon").max_age, 0s);
    EXPECT_EQ(CacheControl::parse("max-age=-5").max_age, 0s);
    EXPECT_EQ(CacheControl::parse("max-age").max_age, 0s);
    EXPECT_EQ(CacheControl::parse("max-age=60, max-age=5").max_age, 5s);
    EXPECT_EQ(CacheControl::parse("max-age=99999999999999999999").max_age, 2147483648s);
}

}  // namespace
}  // namespace portico::http
