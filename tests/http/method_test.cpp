#include "portico/http/method.hpp"

#include <gtest/gtest.h>

using portico::http::kMethodCount;
using portico::http::Method;
using portico::http::parse_method;
using portico::http::to_string;

TEST(Method, is_read_as_it_is_written) {
    for (int i = 0; i < kMethodCount; ++i) {
        const auto method = static_cast<Method>(i);
        EXPECT_NE(to_string(method), "");
        EXPECT_EQ(parse_method(to_string(method)), method);
    }
    EXPECT_EQ(to_string(Method::delete_), "DELETE");
    EXPECT_EQ(to_string(Method::other), "");
}

TEST(Method, names_are_case_sensitive) {
    for (const auto* text : {"", "get", "Get", "GET ", "PROPFIND", "GETT"}) {
        EXPECT_EQ(parse_method(text), Method::other) << text;
    }
}
