#include "portico/http/multipart.hpp"

#include <gtest/gtest.h>

#include <string>

namespace portico::http {

namespace {

/// Writes every call down.
class Recorder final : public MultipartSink {
public:
    void part_begin(const PartHead& head) override {
        log.append("[").append(head.name);
        if (head.filename) log.append(" file=").append(*head.filename);
        if (!head.content_type.empty()) log.append(" type=").append(head.content_type);
        log.append("]");
    }
    void part_data(std::string_view bytes) override {
        EXPECT_FALSE(bytes.empty());
        log.append(bytes);
    }
    void part_end() override { log.append("."); }

    std::string log;
};

std::string read_in_pieces(std::string_view body, std::size_t piece,
                           std::string_view boundary = "B", const MultipartLimits& limits = {}) {
    Recorder recorder;
    MultipartParser parser(boundary, recorder, limits);
    for (std::size_t at = 0; at < body.size(); at += piece) {
        // A copy of its own, so that a view kept past the call is found.
        const std::string part(body.substr(at, piece));
        if (const auto result = parser.push(part); !result)
            return "error: " + result.error().detail;
    }
    if (const auto result = parser.finish(); !result) return "error: " + result.error().detail;
    return recorder.log;
}

/// The same in pieces of every size must come to the same.
std::string read(std::string_view body, std::string_view boundary = "B") {
    const std::string whole = read_in_pieces(body, body.size() + 1, boundary);
    for (std::size_t piece = 1; piece <= body.size() && piece < 80; ++piece) {
        EXPECT_EQ(read_in_pieces(body, piece, boundary), whole) << "in pieces of " << piece;
    }
    return whole;
}

std::string part(std::string_view head, std::string_view data) {
    return "--B\r\n" + std::string(head) + "\r\n\r\n" + std::string(data) + "\r\n";
}
std::string field(std::string_view name, std::string_view data) {
    return part("Content-Disposition: form-data; name=\"" + std::string(name) + "\"", data);
}
std::string disposition(std::string_view parameters) {
    return read(part("Content-Disposition: form-data; " + std::string(parameters), "x") +
                "--B--\r\n");
}

}  // namespace

TEST(Multipart, fields_and_files_come_in_order) {
    EXPECT_EQ(read(field("a", "1") +
                   part("Content-Disposition: form-data; name=f; "
                        "filename=\"a.txt\"\r\nContent-Type: text/plain",
                        "line 1\r\nline 2") +
                   field("a", "") + "--B--\r\n"),
              "[a]1.[f file=a.txt type=text/plain]line 1\r\nline 2.[a].");
}

TEST(Multipart, data_that_look_almost_like_a_boundary_are_data) {
    for (const std::string_view data : {"\r", "\r\n", "\r\n-", "\r\n--", "\r\n--b", "x--B", "\n--B",
                                        "\r\r\n", "\r\n\r\n--", "\r\n-\r\n--", "\r--B"}) {
        EXPECT_EQ(read(field("a", data) + "--B--"), "[a]" + std::string(data) + ".");
    }
}

TEST(Multipart, a_long_boundary_is_found_across_pieces) {
    const std::string boundary(70, '-');
    const std::string near = "\r\n--" + std::string(69, '-') + "x";
    const std::string body = "--" + boundary +
                             "\r\nContent-Disposition: form-data; name=a\r\n\r\n" + near +
                             "\r\n--" + boundary + "--";
    EXPECT_EQ(read(body, boundary), "[a]" + near + ".");
}

TEST(Multipart, padding_an_epilogue_and_leading_line_ends_are_passed_over) {
    EXPECT_EQ(read("\r\n--B \t\r\nContent-Disposition: form-data; "
                   "name=a\r\n\r\n1\r\n--B--\r\nepilogue --B"),
              "[a]1.");
    EXPECT_EQ(read("--B--"), "");
}

TEST(Multipart, a_part_without_content_may_lack_its_line_end) {
    EXPECT_EQ(read("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n--B--"), "[a].");
}

TEST(Multipart, names_are_unquoted_as_browsers_and_others_quote_them) {
    EXPECT_EQ(disposition("name=\"a;b\""), "[a;b]x.");
    EXPECT_EQ(disposition("name=\"a\\\"b\\\\c\\d\""), "[a\"b\\c\\d]x.");
    EXPECT_EQ(disposition("name=\"a%22b\""), "[a%22b]x.");
    EXPECT_EQ(disposition("name=token"), "[token]x.");
    EXPECT_EQ(disposition("NAME=\"\xC3\xA9\""), "[\xC3\xA9]x.");
    EXPECT_EQ(disposition("name=\"\""), "[]x.");
}

TEST(Multipart, a_filename_leads_nowhere) {
    EXPECT_EQ(disposition("name=f; filename=\"../../etc/passwd\""), "[f file=passwd]x.");
    EXPECT_EQ(disposition("name=f; filename=\"C:\\dir\\a.txt\""), "[f file=a.txt]x.");
    EXPECT_EQ(disposition("name=f; filename=\"..\""), "[f file=]x.");
    EXPECT_EQ(disposition("name=f; filename=\"dir/\""), "[f file=]x.");
    EXPECT_EQ(disposition("name=f; filename=\"\""), "[f file=]x.");
    EXPECT_EQ(disposition("name=f; filename*=utf-8''%E2%82%AC%20.txt"),
              "[f file=\xE2\x82\xAC .txt]x.");
    EXPECT_EQ(disposition("name=f; filename*=utf-8''..%2Fx%00y"), "[f file=]x.");
    EXPECT_EQ(disposition("name=f; filename=a; filename*=utf-8''b"), "[f file=a]x.");
}

TEST(Multipart, what_readers_could_understand_differently_is_an_error) {
    EXPECT_EQ(disposition("name=a; name=b"),
              "error: A parameter of a Content-Disposition header is repeated.");
    EXPECT_EQ(disposition("name=a; filename=x; FILENAME=y"),
              "error: A parameter of a Content-Disposition header is repeated.");
    EXPECT_EQ(disposition("name=\"a"), "error: A Content-Disposition header is malformed.");
    EXPECT_EQ(disposition("name=a b"), "error: A Content-Disposition header is malformed.");
    EXPECT_EQ(disposition("name=a; filename*=latin1''x"),
              "error: The filename* of a Content-Disposition header is malformed.");
    EXPECT_EQ(
        read(
            part("Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b",
                 "")),
        "error: A part has two Content-Disposition headers.");
    EXPECT_EQ(
        read(part("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64",
                  "")),
        "error: A part has a Content-Transfer-Encoding.");
    EXPECT_EQ(read("preamble\r\n" + field("a", "1") + "--B--"),
              "error: The multipart body must start with its boundary.");
    EXPECT_EQ(read("--B\nContent-Disposition: form-data; name=a\n\n1\n--B--"),
              "error: A boundary of the multipart body is not followed by a line end.");
    EXPECT_EQ(read("--BB\r\n"),
              "error: A boundary of the multipart body is not followed by a line end.");
    EXPECT_EQ(read("--B" + std::string(100, ' ')),
              "error: A boundary of the multipart body is not followed by a line end.");
}

TEST(Multipart, a_head_is_made_of_plain_header_fields) {
    for (const auto* head :
         {"Content-Disposition form-data", " Content-Disposition: form-data; name=a",
          "Content-Disposition: form-data;\r\n name=a", "X\x01: y", "X: \x01", ": y",
          "Content-Disposition : form-data; name=a"}) {
        EXPECT_EQ(read(part(head, "")), "error: The header of a part is malformed.") << head;
    }
}

TEST(Multipart, every_part_has_a_name) {
    const std::string message =
        "error: The Content-Disposition header field \"name\" must be provided.";
    EXPECT_EQ(read(part("Content-Type: text/plain", "x")), message);
    EXPECT_EQ(read(part("Content-Disposition: form-data", "x")), message);
    EXPECT_EQ(read(part("Content-Disposition: form-data; filename=x", "x")), message);
    EXPECT_EQ(read("--B\r\n\r\nx\r\n--B--"), message);
    EXPECT_EQ(read(part("Content-Disposition: attachment; name=a", "x")),
              "error: The Content-Disposition header of a part must be form-data.");
}

TEST(Multipart, a_body_that_ends_early_is_an_error) {
    const std::string whole = field("a", "1") + "--B--";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(read_in_pieces(whole.substr(0, size), 1000),
                  "error: The multipart body ends before its closing boundary.")
            << size;
    }
}

TEST(Multipart, too_many_parts_are_an_error) {
    const MultipartLimits limits{.max_files = 1, .max_fields = 2};
    const std::string file = part("Content-Disposition: form-data; name=f; filename=f", "x");
    EXPECT_EQ(read_in_pieces(field("a", "") + file + field("b", "") + "--B--", 1000, "B", limits),
              "[a].[f file=f]x.[b].");
    EXPECT_EQ(read_in_pieces(field("a", "") + field("b", "") + field("c", "") + "--B--", 1000, "B",
                             limits),
              "error: Too many fields. Maximum number of fields is 2.");
    EXPECT_EQ(read_in_pieces(file + file + "--B--", 1000, "B", limits),
              "error: Too many files. Maximum number of files is 1.");
}

TEST(Multipart, a_field_is_bounded_and_a_file_is_not) {
    const MultipartLimits limits{.max_field_size = 2048};
    const std::string exact(2048, 'x');
    EXPECT_EQ(read_in_pieces(field("a", exact) + "--B--", 100, "B", limits), "[a]" + exact + ".");
    EXPECT_EQ(read_in_pieces(field("a", exact + "x") + "--B--", 100, "B", limits),
              "error: Part exceeded maximum size of 2KB.");
    const std::string large(5000, 'x');
    EXPECT_EQ(
        read_in_pieces(part("Content-Disposition: form-data; name=f; filename=f", large) + "--B--",
                       100, "B", limits),
        "[f file=f]" + large + ".");
}

TEST(Multipart, all_fields_together_are_bounded_and_files_are_not) {
    const MultipartLimits limits{.max_field_size = 2048, .max_fields_size = 3072};
    const std::string half(1536, 'x');
    const std::string file = part("Content-Disposition: form-data; name=f; filename=f", half);
    EXPECT_EQ(
        read_in_pieces(field("a", half) + file + field("b", half) + "--B--", 100, "B", limits),
        "[a]" + half + ".[f file=f]" + half + ".[b]" + half + ".");
    EXPECT_EQ(read_in_pieces(field("a", half) + field("b", half) + field("c", "y") + "--B--", 100,
                             "B", limits),
              "error: Fields exceeded maximum size of 3KB.");
}

TEST(Multipart, a_parts_head_is_bounded) {
    const std::string head = "X: " + std::string(9000, 'x');
    const std::string message = "error: The header of a part exceeded maximum size of 8KB.";
    EXPECT_EQ(read_in_pieces(part(head, ""), 100), message);
    EXPECT_EQ(read_in_pieces(part(head, ""), 100000), message);
    const std::string exact = field("a", "1");
    const std::size_t head_size = exact.find("\r\n\r\n") - exact.find("\r\n") - 2;
    for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}}) {
        EXPECT_EQ(read_in_pieces(exact + "--B--", piece, "B", {.max_part_head = head_size + 2}),
                  "[a]1.");
        EXPECT_NE(read_in_pieces(exact + "--B--", piece, "B", {.max_part_head = head_size - 1}),
                  "[a]1.");
    }
    std::string many;
    for (int i = 0; i < 3000; ++i) many += "X:\r\n";
    EXPECT_EQ(read_in_pieces(part(many, ""), 100), message);
}

TEST(Multipart, after_an_error_every_call_is_that_error) {
    Recorder recorder;
    MultipartParser parser("B", recorder);
    EXPECT_FALSE(parser.push("nonsense"));
    EXPECT_FALSE(parser.push(field("a", "1") + "--B--"));
    EXPECT_EQ(parser.finish().error().detail, "The multipart body must start with its boundary.");
    EXPECT_EQ(recorder.log, "");
}

TEST(MultipartBoundary, comes_from_the_content_type) {
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc"), "abc");
    EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b:c\""),
              "a b:c");
    for (const auto* text : {"", "multipart/form-data", "multipart/form-data; boundary=\"\"",
                             "multipart/mixed; boundary=a", "multipart/form-data; boundary="}) {
        EXPECT_EQ(multipart_boundary(text).error().detail, "Missing boundary in multipart.")
            << text;
    }
    for (const auto* text :
         {"multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=\"a\\\"\"",
          "multipart/form-data; boundary=a!b"}) {
        EXPECT_EQ(multipart_boundary(text).error().detail, "Invalid boundary in multipart.")
            << text;
    }
    EXPECT_TRUE(multipart_boundary("multipart/form-data; boundary=" + std::string(70, 'a')));
    EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'a')));
}

TEST(ParseMultipart, parts_are_views_of_the_body) {
    core::Arena arena;
    const std::string body =
        field("a", "1\r\n--2") +
        part("Content-Disposition: form-data; name=f; filename=x.png\r\nContent-Type: image/png",
             std::string_view("\0\xFF", 2)) +
        "--B--\r\n";
    const auto parts = parse_multipart(body, "multipart/form-data; boundary=B", arena);
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 2U);
    EXPECT_EQ((*parts)[0].name, "a");
    EXPECT_EQ((*parts)[0].data, "1\r\n--2");
    EXPECT_FALSE((*parts)[0].filename);
    EXPECT_EQ((*parts)[1].filename, "x.png");
    EXPECT_EQ((*parts)[1].content_type, "image/png");
    EXPECT_EQ((*parts)[1].data, std::string_view("\0\xFF", 2));
    EXPECT_GE((*parts)[1].data.data(), body.data());
    EXPECT_LT((*parts)[1].data.data(), body.data() + body.size());
}

TEST(ParseMultipart, tells_what_is_wrong) {
    core::Arena arena;
    EXPECT_EQ(parse_multipart("", "text/plain", arena).error().detail,
              "Missing boundary in multipart.");
    EXPECT_EQ(parse_multipart("x", "multipart/form-data; boundary=B", arena).error().detail,
              "The multipart body must start with its boundary.");
}

}  // namespace portico::http
