#include "portico/app/file_response.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using testing::TestClient;

class FileResponses : public ::testing::Test {
protected:
    FileResponses() {
        std::string name =
            (std::filesystem::temp_directory_path() / "portico-file-XXXXXX").string();
        directory = mkdtemp(name.data());
        path = directory + "/digits.txt";
        std::ofstream(path) << "0123456789";
        app.get("/file", [this] { return FileResponse(path); });
        app.get("/download", [this](http::Response& response) -> core::Task<FileResponse> {
            response.headers.set("Cache-Control", "max-age=60");
            co_return FileResponse(path, {.filename = "numbers.csv"});
        });
        app.get("/files/{name}", [this](Path<std::string, "name"> name) {
            return FileResponse::find(directory + "/" + *name);
        });
        app.get("/missing", [this] { return FileResponse(directory + "/none"); });
    }
    ~FileResponses() override { std::filesystem::remove_all(directory); }

    std::string directory;
    std::string path;
    App app;
};

TEST_F(FileResponses, are_sent_as_what_their_name_says) {
    TestClient client(app);
    const auto response = client.get("/file");
    EXPECT_EQ(response.status_code, 200);
    EXPECT_EQ(response.text, "0123456789");
    EXPECT_EQ(response.header("Content-Type"), "text/plain; charset=utf-8");
    const auto download = client.get("/download");
    EXPECT_EQ(download.text, "0123456789");
    EXPECT_EQ(download.header("Content-Type"), "text/csv; charset=utf-8");
    EXPECT_EQ(download.header("Content-Disposition"), "attachment; filename=\"numbers.csv\"");
    EXPECT_EQ(download.header("Cache-Control"), "max-age=60");
}

TEST_F(FileResponses, answer_head_and_ranges_and_conditions) {
    TestClient client(app);
    EXPECT_EQ(client.head("/file").header("Accept-Ranges"), "bytes");
    EXPECT_EQ(client.head("/file").text, "");
    const auto part = client.get("/file", {.headers = {{"Range", "bytes=3-5"}}});
    EXPECT_EQ(part.status_code, 206);
    EXPECT_EQ(part.text, "345");
    EXPECT_EQ(client.get("/file", {.headers = {{"If-None-Match", "*"}}}).status_code, 304);
    const auto beyond = client.get("/file", {.headers = {{"Range", "bytes=20-"}}});
    EXPECT_EQ(beyond.status_code, 416);
    EXPECT_EQ(beyond.header("Content-Range"), "bytes */10");
    EXPECT_EQ(beyond.text, R"({"detail":"Range not satisfiable."})");
    const auto malformed = client.get("/file", {.headers = {{"Range", "bytes=5-3"}}});
    EXPECT_EQ(malformed.status_code, 400);
    EXPECT_EQ(malformed.text, R"({"detail":"Malformed range header."})");
    EXPECT_EQ(client.get("/file", {.headers = {{"If-Match", "\"other\""}}}).status_code, 412);
}

TEST_F(FileResponses, that_may_be_missing_are_404_and_those_that_should_be_there_500) {
    TestClient client(app, {.raise_server_exceptions = false});
    EXPECT_EQ(client.get("/files/digits.txt").text, "0123456789");
    EXPECT_EQ(client.get("/files/none").status_code, 404);
    EXPECT_EQ(client.get("/files/.").status_code, 404);
    EXPECT_EQ(client.get("/missing").status_code, 500);
}

}  // namespace
}  // namespace portico::app
