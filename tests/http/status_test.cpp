#include "portico/http/status.hpp"

#include <gtest/gtest.h>

using portico::http::status_has_content;
using portico::http::status_phrase;

TEST(Status, has_the_phrase_of_rfc_9110) {
    EXPECT_EQ(status_phrase(200), "OK");
    EXPECT_EQ(status_phrase(404), "Not Found");
    EXPECT_EQ(status_phrase(413), "Content Too Large");
    EXPECT_EQ(status_phrase(414), "URI Too Long");
    EXPECT_EQ(status_phrase(422), "Unprocessable Content");
    EXPECT_EQ(status_phrase(431), "Request Header Fields Too Large");
    EXPECT_EQ(status_phrase(503), "Service Unavailable");
}

TEST(Status, an_unknown_one_has_no_phrase) {
    for (const int status : {-1, 0, 99, 299, 420, 599, 1000}) EXPECT_EQ(status_phrase(status), "");
}

TEST(Status, some_have_no_content) {
    for (const int status : {100, 101, 204, 304}) EXPECT_FALSE(status_has_content(status));
    for (const int status : {200, 205, 301, 400, 500}) EXPECT_TRUE(status_has_content(status));
}
