#include "portico/http/headers.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

using portico::http::equal_names;
using portico::http::Headers;
using portico::http::HeaderView;

namespace {

std::string dump(const HeaderView& headers) {
    std::string text;
    for (const auto field : headers) {
        text.append(field.name).append(":").append(field.value).append(";");
    }
    return text;
}

TEST(Headers, defaults_fill_in_what_is_not_there) {
    const Headers defaults{{"X-Frame-Options", "DENY"}, {"Vary", "Origin"}, {"Vary", "Accept"}};
    Headers headers{{"x-frame-options", "SAMEORIGIN"}};
    headers.set_defaults(defaults);
    EXPECT_EQ(headers.get_all("X-Frame-Options"), std::vector<std::string_view>{"SAMEORIGIN"});
    EXPECT_EQ(headers.get_all("Vary"), (std::vector<std::string_view>{"Origin", "Accept"}));
    headers.set_defaults(defaults);
    EXPECT_EQ(headers.size(), 3U);
}

TEST(Headers, defaults_outlive_what_they_were_copied_from) {
    Headers headers;
    for (int i = 0; i < 40; ++i) {
        headers.set_defaults(Headers{{"X-" + std::to_string(i), std::string(60, 'a')}});
    }
    EXPECT_EQ(headers.size(), 40U);
    EXPECT_EQ(headers.get("X-0"), std::string(60, 'a'));
    headers.set_defaults(headers);
    EXPECT_EQ(headers.size(), 40U);
}

}  // namespace

TEST(FieldNames, compare_without_the_case_of_letters_alone) {
    EXPECT_TRUE(equal_names("", ""));
    EXPECT_TRUE(equal_names("Host", "hOST"));
    EXPECT_TRUE(equal_names("If-None-Match", "IF-NONE-MATCH"));
    EXPECT_FALSE(equal_names("Host", "Hosts"));
    EXPECT_FALSE(equal_names("a~b", "a^b"));
    EXPECT_FALSE(equal_names("`", "@"));
    EXPECT_FALSE(equal_names("[xxxxxxxx", "{xxxxxxxx"));
    EXPECT_FALSE(equal_names("\xC1", "\xE1"));
    EXPECT_FALSE(equal_names("0", "P"));
}

TEST(FieldNames, every_byte_at_every_place_compares_as_a_slow_comparison_does) {
    const auto lower = [](unsigned c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; };
    for (std::size_t size = 1; size <= 19; ++size) {
        for (std::size_t place = 0; place < size; ++place) {
            std::string a(size, 'q');
            std::string b(size, 'Q');
            for (unsigned i = 0; i < 256; ++i) {
                a[place] = static_cast<char>(i);
                for (const unsigned j : {i, i ^ 0x20U, i ^ 1U, i ^ 0x80U}) {
                    b[place] = static_cast<char>(j);
                    ASSERT_EQ(equal_names(a, b), lower(i) == lower(j))
                        << size << ' ' << i << ' ' << j;
                }
            }
        }
    }
}

TEST(FieldNames, are_tokens) {
    EXPECT_TRUE(portico::http::is_token("X-Request-ID"));
    EXPECT_TRUE(portico::http::is_token("!#$%&'*+-.^_`|~09azAZ"));
    for (const auto* text : {"", " ", "a b", "a:", "a\r", "(", "\x7f", "\xC3\xA9"}) {
        EXPECT_FALSE(portico::http::is_token(text)) << text;
    }
}

TEST(FieldValues, have_no_controls_and_no_space_at_the_ends) {
    for (const auto* text :
         {"", "a", "a b", "a\tb", "\xC3\xA9", "text/html; q=0.5, a long value"}) {
        EXPECT_TRUE(portico::http::is_field_value(text)) << text;
    }
    for (const auto* text :
         {" a", "a ", "\ta", "a\t", "a\rb", "a\nb", "a long value with \x01", "\x7f"}) {
        EXPECT_FALSE(portico::http::is_field_value(text)) << text;
    }
    EXPECT_FALSE(portico::http::is_field_value(std::string_view("a\0b", 3)));
}

TEST(FieldValues, a_control_is_found_at_every_place) {
    for (std::size_t size = 1; size <= 24; ++size) {
        for (std::size_t place = 0; place < size; ++place) {
            for (unsigned byte = 0; byte < 256; ++byte) {
                std::string value(size, 'v');
                value[place] = static_cast<char>(byte);
                const bool inner = place > 0 && place + 1 < size;
                const bool control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
                const bool blank = byte == '\t' || byte == ' ';
                ASSERT_EQ(portico::http::is_field_value(value), !control && (inner || !blank))
                    << size << ' ' << place << ' ' << byte;
            }
        }
    }
}

TEST(HeaderView, reads_fields_by_offsets_of_one_text) {
    const std::string_view text = "Host: a\r\nX: 1\r\nx: 2\r\n";
    HeaderView view;
    view.set_text(text.data());
    view.append_range(0, 4, 6, 1);
    view.append_range(9, 1, 12, 1);
    view.append_range(15, 1, 18, 1);
    EXPECT_EQ(view.size(), 3U);
    EXPECT_EQ(view.get("HOST"), "a");
    EXPECT_EQ(view.get("x"), "1");
    EXPECT_EQ(view.get("y"), std::nullopt);
    EXPECT_EQ(view.value_or_empty("y"), "");
    EXPECT_EQ(view.count("X"), 2U);
    EXPECT_EQ(view.get_all("X"), (std::vector<std::string_view>{"1", "2"}));
    EXPECT_EQ(dump(view), "Host:a;X:1;x:2;");
}

TEST(Headers, add_keeps_what_is_there_and_set_replaces_it) {
    Headers headers{{"A", "1"}, {"B", "2"}, {"a", "3"}};
    headers.add("A", "4");
    EXPECT_EQ(dump(headers), "A:1;B:2;a:3;A:4;");
    headers.set("a", "longer than before");
    EXPECT_EQ(dump(headers), "A:longer than before;B:2;");
    headers.set("A", "5");
    headers.set("C", "6");
    EXPECT_EQ(dump(headers), "A:5;B:2;C:6;");
    headers.set_default("C", "7");
    headers.set_default("D", "8");
    headers.remove("b");
    EXPECT_EQ(dump(headers), "A:5;C:6;D:8;");
    headers.set("A", "");
    EXPECT_EQ(headers.get("A"), "");
}

TEST(Headers, merge_joins_members_and_repeats_none) {
    Headers headers;
    headers.merge("Vary", "Origin");
    headers.merge("Vary", "Accept-Encoding");
    headers.merge("vary", "origin");
    EXPECT_EQ(dump(headers), "Vary:Origin, Accept-Encoding;");
    headers.add("Vary", "Cookie");
    headers.merge("Vary", "Accept");
    EXPECT_EQ(dump(headers), "Vary:Origin, Accept-Encoding, Cookie, Accept;");
    headers.set("Vary", "*");
    headers.merge("Vary", "Origin");
    EXPECT_EQ(headers.get("Vary"), "*");
}

TEST(Headers, merge_into_an_empty_value_is_the_member_alone) {
    Headers headers{{"Vary", ""}};
    headers.merge("Vary", "Origin");
    EXPECT_EQ(dump(headers), "Vary:Origin;");
}

TEST(Headers, a_header_cannot_be_injected) {
    Headers headers;
    for (const std::string_view value :
         {std::string_view("a\r\nSet-Cookie: x"), std::string_view("a\n"),
          std::string_view("a\0", 2), std::string_view("\x1b[31m"),
          std::string_view("a long value \r")}) {
        EXPECT_THROW(headers.add("X", value), std::invalid_argument);
        EXPECT_THROW(headers.set("X", value), std::invalid_argument);
        EXPECT_THROW(headers.set_default("X", value), std::invalid_argument);
        EXPECT_THROW(headers.merge("X", value), std::invalid_argument);
    }
    for (const auto* name : {"", "A B", "A:", "A\r\nB", "\xC3\xA9"}) {
        EXPECT_THROW(headers.add(name, "1"), std::invalid_argument);
        EXPECT_THROW(headers.set(name, "1"), std::invalid_argument);
    }
    EXPECT_TRUE(headers.empty());
}

TEST(Headers, an_error_names_the_field_and_not_its_value) {
    Headers headers;
    try {
        headers.set("X-Token", "secret\n");
        FAIL();
    } catch (const std::invalid_argument& error) {
        EXPECT_EQ(std::string(error.what()),
                  "header \"X-Token\": its value has a control character");
    }
    try {
        headers.set("X\nY", "1");
        FAIL();
    } catch (const std::invalid_argument& error) {
        EXPECT_TRUE(std::string(error.what()).starts_with("header name \"X?Y\"")) << error.what();
    }
}

TEST(Headers, spaces_at_the_ends_of_a_value_are_dropped) {
    Headers headers{{"A", " \t1 2\t "}};
    EXPECT_EQ(headers.get("A"), "1 2");
}

TEST(Headers, a_value_may_be_a_view_of_the_same_headers) {
    Headers headers{{"A", "a value of some length"}};
    for (int i = 0; i < 100; ++i) headers.add(headers[0].name, headers[0].value);
    headers.set("B", "");
    headers.set("B", headers.value_or_empty("A"));
    headers.set("B", headers.value_or_empty("B").substr(2));
    EXPECT_EQ(headers.count("A"), 101U);
    for (const auto value : headers.get_all("A")) EXPECT_EQ(value, "a value of some length");
    EXPECT_EQ(headers.get("B"), "value of some length");
}

TEST(Headers, copies_and_moves_are_independent) {
    Headers first{{"A", "1"}};
    Headers copy = first;
    copy.set("A", "2");
    EXPECT_EQ(dump(first), "A:1;");
    Headers moved = std::move(copy);
    EXPECT_EQ(dump(moved), "A:2;");
    EXPECT_EQ(dump(copy), "");
    copy.add("B", "3");
    EXPECT_EQ(dump(copy), "B:3;");
    first = moved;
    moved.clear();
    EXPECT_EQ(dump(first), "A:2;");
    moved = std::move(first);
    EXPECT_EQ(dump(moved), "A:2;");
    moved.add("C", "x");
    EXPECT_EQ(dump(moved), "A:2;C:x;");
}

TEST(Headers, values_that_grow_and_shrink_forever_do_not_grow_the_memory) {
    Headers headers;
    const std::string longer(100, 'x');
    for (int i = 0; i < 10000; ++i) {
        headers.set("A", "short");
        headers.set("A", longer);
    }
    EXPECT_EQ(headers.get("A"), longer);
    EXPECT_LE(headers[0].value.data() - headers[0].name.data(), 512);
}
