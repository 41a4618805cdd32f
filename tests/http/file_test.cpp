#include "portico/http/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "portico/http/etag.hpp"

namespace portico::http {
namespace {

using std::chrono::seconds;

const DateTime kChanged = parse_date("Sun, 06 Nov 1994 08:49:37 GMT").value();
constexpr auto kChangedText = "Sun, 06 Nov 1994 08:49:37 GMT";

/// Gives what is there at once, as every piece of a file on the loop is.
std::string read_all(Response& response) {
    std::string all;
    auto& stream = *std::get<std::unique_ptr<BodyStream>>(response.body);
    for (;;) {
        auto task = stream.next();
        task.handle().resume();
        auto piece = task.result();
        if (!piece) return all;
        all += *piece;
    }
}

class FileTest : public testing::Test {
protected:
    FileTest() {
        std::string name =
            (std::filesystem::temp_directory_path() / "portico-file-XXXXXX").string();
        directory = mkdtemp(name.data());
    }
    ~FileTest() override { std::filesystem::remove_all(directory); }

    std::string write(const std::string& name, std::string_view text) {
        const std::string path = directory + "/" + name;
        std::ofstream(path) << text;
        const auto at = std::chrono::duration_cast<std::chrono::nanoseconds>(
            kChanged.time_since_epoch() + std::chrono::milliseconds(250));
        const timespec time{at.count() / 1'000'000'000, at.count() % 1'000'000'000};
        const timespec times[2]{time, time};
        EXPECT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
        return path;
    }
    static Response respond(const std::string& path, const Headers& headers = {},
                            Method method = Method::get, FileOptions options = {}) {
        core::Arena arena;
        Request request(arena);
        request.set_method(method, to_string(method));
        request.mutable_headers() = headers;
        return file_response(request, File::open(path).value(), options);
    }
    Response digits(const Headers& headers, Method method = Method::get) {
        return respond(write("digits.txt", "0123456789"), headers, method,
                       {.media_type = "text/plain"});
    }

    std::string directory;
};

TEST_F(FileTest, is_sent_with_what_is_known_of_it) {
    Response response = digits({});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.length(), 10U);
    EXPECT_EQ(response.headers.get("Content-Type"), "text/plain");
    EXPECT_EQ(response.headers.get("Last-Modified"), kChangedText);
    EXPECT_EQ(response.headers.get("Accept-Ranges"), "bytes");
    EXPECT_FALSE(response.headers.contains("Content-Disposition"));
    EXPECT_TRUE(EntityTag::parse(response.headers.value_or_empty("ETag")));
    EXPECT_EQ(read_all(response), "0123456789");
}

TEST_F(FileTest, a_large_one_comes_in_pieces) {
    const std::string text(200'000, 'x');
    Response response = respond(write("large", text));
    auto& stream = *std::get<std::unique_ptr<BodyStream>>(response.body);
    auto task = stream.next();
    task.handle().resume();
    EXPECT_EQ(task.result()->size(), 64U * 1024);
    EXPECT_EQ(read_all(response).size(), text.size() - 64 * 1024);
}

TEST_F(FileTest, an_empty_one_is_empty) {
    Response response = respond(write("empty", ""));
    EXPECT_EQ(response.length(), 0U);
    EXPECT_EQ(read_all(response), "");
}

TEST_F(FileTest, only_a_regular_file_is_one) {
    EXPECT_EQ(File::open(directory + "/none").error(), std::errc::no_such_file_or_directory);
    EXPECT_EQ(File::open(directory).error(), std::errc::is_a_directory);
    EXPECT_EQ(File::open("/dev/zero").error(), std::errc::operation_not_permitted);
    const std::string pipe = directory + "/pipe";
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(File::open(pipe).error(), std::errc::operation_not_permitted);
    const std::string path = write("a", "secret");
    EXPECT_FALSE(File::open(path + std::string("\0.txt", 5)));
}

TEST_F(FileTest, what_was_opened_is_sent_though_another_takes_its_path) {
    const std::string path = write("a", "before");
    File file = File::open(path).value();
    std::filesystem::remove(path);
    write("a", "behind its back");
    core::Arena arena;
    const Request request(arena);
    Response response = file_response(request, std::move(file), {});
    EXPECT_EQ(response.length(), 6U);
    EXPECT_EQ(read_all(response), "before");
}

TEST_F(FileTest, one_that_becomes_shorter_ends_in_an_error_and_not_in_silence) {
    const std::string path = write("a", "0123456789");
    Response response = respond(path);
    std::filesystem::resize_file(path, 4);
    auto& stream = *std::get<std::unique_ptr<BodyStream>>(response.body);
    auto first = stream.next();
    first.handle().resume();
    EXPECT_EQ(first.result(), "0123");
    auto second = stream.next();
    second.handle().resume();
    EXPECT_THROW(static_cast<void>(second.result()), std::runtime_error);
}

TEST_F(FileTest, its_tag_changes_with_it_and_is_weak_while_it_is_young) {
    const File file = File::open(write("a", "0123456789")).value();
    const File longer = File::open(write("b", "0123456789!")).value();
    const DateTime later = kChanged + seconds(60);
    EXPECT_EQ(file.etag(later), file.etag(later + seconds(5)));
    EXPECT_NE(file.etag(later), longer.etag(later));
    EXPECT_FALSE(EntityTag::parse(file.etag(later))->weak);
    EXPECT_TRUE(EntityTag::parse(file.etag(kChanged + seconds(1)))->weak);
}

TEST_F(FileTest, preconditions_are_answered) {
    const std::string etag(digits({}).headers.value_or_empty("ETag"));
    const Response unchanged = digits({{"If-None-Match", etag}});
    EXPECT_EQ(unchanged.status, 304);
    EXPECT_EQ(unchanged.headers.get("ETag"), etag);
    EXPECT_FALSE(unchanged.is_stream());
    EXPECT_EQ(digits({{"If-Modified-Since", kChangedText}}).status, 304);
    EXPECT_EQ(digits({{"If-Match", "\"other\""}}).status, 412);
    EXPECT_EQ(digits({{"If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:36 GMT"}}).status, 412);
    // RFC 9110 §13.2.2: If-None-Match goes before If-Modified-Since, and both before Range.
    EXPECT_EQ(digits({{"If-None-Match", "\"other\""}, {"If-Modified-Since", kChangedText}}).status,
              200);
    EXPECT_EQ(digits({{"If-None-Match", etag}, {"Range", "bytes=0-1"}}).status, 304);
    EXPECT_EQ(digits({{"If-None-Match", etag}}, Method::head).status, 304);
    // A POST whose result is a file has been done already.
    EXPECT_EQ(digits({{"If-Match", "\"other\""}}, Method::post).status, 200);
}

TEST_F(FileTest, a_range_is_a_part) {
    Response response = digits({{"Range", "bytes=2-4"}});
    EXPECT_EQ(response.status, 206);
    EXPECT_EQ(response.headers.get("Content-Range"), "bytes 2-4/10");
    EXPECT_EQ(response.headers.get("Content-Type"), "text/plain");
    EXPECT_EQ(response.length(), 3U);
    EXPECT_EQ(read_all(response), "234");
    Response last = digits({{"Range", "bytes=-3"}});
    EXPECT_EQ(read_all(last), "789");
}

TEST_F(FileTest, several_ranges_are_the_parts_of_one_body) {
    Response response = digits({{"Range", "bytes=7-8,0-1,1-3"}});
    EXPECT_EQ(response.status, 206);
    EXPECT_FALSE(response.headers.contains("Content-Range"));
    const std::string type(response.headers.value_or_empty("Content-Type"));
    constexpr std::string_view kType = "multipart/byteranges; boundary=";
    ASSERT_TRUE(type.starts_with(kType)) << type;
    const std::string boundary = type.substr(kType.size());
    EXPECT_EQ(boundary.size(), 32U);
    const std::string expected = "--" + boundary +
                                 "\r\nContent-Type: text/plain\r\nContent-Range: bytes 7-8/10\r\n"
                                 "\r\n78\r\n--" +
                                 boundary +
                                 "\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-3/10\r\n"
                                 "\r\n0123\r\n--" +
                                 boundary + "--\r\n";
    EXPECT_EQ(response.length(), expected.size());
    EXPECT_EQ(read_all(response), expected);
}

TEST_F(FileTest, a_range_that_is_none_is_refused) {
    const Response beyond = digits({{"Range", "bytes=10-"}});
    EXPECT_EQ(beyond.status, 416);
    EXPECT_EQ(beyond.headers.get("Content-Range"), "bytes */10");
    EXPECT_EQ(digits({{"Range", "bytes=4-2"}}).status, 400);
    EXPECT_EQ(digits({{"Range", "lines=1-2"}}).status, 200);
}

TEST_F(FileTest, only_a_get_has_ranges) {
    const Response head = digits({{"Range", "bytes=0-1"}}, Method::head);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.length(), 10U);
    EXPECT_EQ(digits({{"Range", "bytes=0-1"}}, Method::post).status, 200);
    const auto path = write("error.html", "gone");
    Response error = respond(path, {{"Range", "bytes=0-1"}}, Method::get, {.status_code = 410});
    EXPECT_EQ(error.status, 410);
    EXPECT_EQ(read_all(error), "gone");
}

TEST_F(FileTest, if_range_gets_a_part_only_of_the_very_same_bytes) {
    const std::string etag(digits({}).headers.value_or_empty("ETag"));
    const auto status = [&](std::string_view if_range) {
        return digits({{"Range", "bytes=0-1"}, {"If-Range", if_range}}).status;
    };
    EXPECT_EQ(status(etag), 206);
    EXPECT_EQ(status(kChangedText), 206);
    EXPECT_EQ(status("\"other\""), 200);
    EXPECT_EQ(status("W/" + etag), 200);
    EXPECT_EQ(status(etag_for_encoding(etag, "gzip")), 200);
    EXPECT_EQ(status("Sun, 06 Nov 1994 08:49:38 GMT"), 200);
}

TEST_F(FileTest, if_range_never_holds_while_the_file_is_young) {
    const std::string path = directory + "/young";
    std::ofstream(path) << "0123456789";
    const Response young = respond(path);
    EXPECT_TRUE(young.headers.value_or_empty("ETag").starts_with("W/"));
    for (const auto* field : {"ETag", "Last-Modified"}) {
        const auto validator = young.headers.value_or_empty(field);
        EXPECT_EQ(respond(path, {{"Range", "bytes=0-1"}, {"If-Range", validator}}).status, 200);
    }
}

TEST_F(FileTest, a_name_makes_it_an_attachment_unless_it_is_inline) {
    const std::string path = write("a", "x");
    EXPECT_EQ(respond(path, {}, Method::get, {.filename = "a.png"}).headers.get("Content-Type"),
              "image/png");
    EXPECT_EQ(
        respond(path, {}, Method::get, {.filename = "a.png"}).headers.get("Content-Disposition"),
        "attachment; filename=\"a.png\"");
    EXPECT_EQ(
        respond(path, {}, Method::get, {.filename = "a.png", .content_disposition_type = "inline"})
            .headers.get("Content-Disposition"),
        "inline; filename=\"a.png\"");
}

TEST(ContentDisposition, a_name_that_is_not_plain_is_encoded) {
    EXPECT_EQ(content_disposition("attachment", "a-b_c.~1.txt"),
              "attachment; filename=\"a-b_c.~1.txt\"");
    EXPECT_EQ(content_disposition("attachment", "März 1.txt"),
              "attachment; filename*=utf-8''M%C3%A4rz%201.txt");
    EXPECT_EQ(content_disposition("inline", "a\"; x=\r\n/b"),
              "inline; filename*=utf-8''a%22%3B%20x%3D%0D%0A%2Fb");
}

TEST(GuessMediaType, goes_by_the_extension) {
    EXPECT_EQ(guess_media_type("a.png"), "image/png");
    EXPECT_EQ(guess_media_type("/b.d/A.TXT"), "text/plain; charset=utf-8");
    EXPECT_EQ(guess_media_type("a.tar.gz"), "application/gzip");
    EXPECT_EQ(guess_media_type("a.webmanifest"), "application/manifest+json");
    for (const auto* name : {"", "a", "a.", "a.unknown", "png", "/a.png/b", "a.webmanifests"}) {
        EXPECT_EQ(guess_media_type(name), "application/octet-stream") << name;
    }
}

}  // namespace
}  // namespace portico::http
