#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "portico/app/upload_file.hpp"
#include "portico/testing/test_client.hpp"

namespace portico::app {
namespace {

using testing::Pairs;
using testing::TestClient;
using testing::TestResponse;

std::string part(std::string_view name, std::string_view more, std::string_view data) {
    return "--B\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"" +
           std::string(more) + "\r\n\r\n" + std::string(data) + "\r\n";
}
std::string file(std::string_view name, std::string_view filename, std::string_view data) {
    return part(name, "; filename=\"" + std::string(filename) + "\"", data);
}

TestResponse upload(TestClient& client, const std::string& parts, std::string_view path = "/x") {
    return client.post(path, {.headers = {{"Content-Type", "multipart/form-data; boundary=B"}},
                              .content = parts + "--B--\r\n"});
}

TEST(FormsWithFiles, a_text_among_files_is_a_fault_of_its_place) {
    App app;
    app.post("/x", [](File<"f", std::vector<UploadFile>> f) { return f->size(); });
    app.post("/optional", [](File<"f", std::optional<std::vector<UploadFile>>> f) {
        return f->has_value() ? (*f)->size() : 9;
    });
    app.post("/one", [](File<"f"> f) { return std::string(f->filename()); });
    TestClient client(app);
    const std::string mixed = file("f", "a", "1") + part("f", "", "text") + file("f", "b", "2");
    constexpr auto kFault =
        R"({"detail":[{"type":"value_error","loc":["body","f",1],"msg":"Value error, Expected UploadFile, received: <class 'str'>","input":"text","ctx":{"error":{}}}]})";
    EXPECT_EQ(upload(client, mixed).text, kFault);
    EXPECT_EQ(upload(client, mixed, "/optional").text, kFault);
    EXPECT_EQ(upload(client, part("other", "", "1"), "/optional").text, "9");
    // Of several for one file the last counts, whatever it is.
    EXPECT_EQ(upload(client, part("f", "", "text") + file("f", "b", "2"), "/one").text, R"("b")");
    EXPECT_EQ(upload(client, file("f", "b", "2") + part("f", "", "text"), "/one")
                  .json()["detail"][0]["loc"]
                  .dump(),
              R"(["body","f"])");
    EXPECT_EQ(upload(client, part("f", "", ""), "/one").json()["detail"][0]["type"].as_string(),
              "missing");
}

TEST(FormsWithFiles, an_empty_body_is_a_form_without_fields) {
    App app;
    app.post("/x", [](File<"f">, Form<std::string, "note">) { return 1; });
    app.post("/fields", [](Form<std::string, "note">) { return 1; });
    TestClient client(app);
    const Pairs multipart{{"Content-Type", "multipart/form-data; boundary=B"}};
    EXPECT_EQ(
        client.post("/x", {.headers = multipart, .content = ""}).text,
        R"({"detail":[{"type":"missing","loc":["body","f"],"msg":"Field required","input":null},)"
        R"({"type":"missing","loc":["body","note"],"msg":"Field required","input":null}]})");
    EXPECT_EQ(
        client.post("/fields", {.headers = multipart, .content = ""}).text,
        R"({"detail":[{"type":"missing","loc":["body","note"],"msg":"Field required","input":null}]})");
    for (const auto* path : {"/x", "/fields"}) {
        EXPECT_EQ(
            client.post(path, {.headers = {{"Content-Type", "multipart/form-data"}}, .content = ""})
                .text,
            R"({"detail":"Missing boundary in multipart."})");
    }
}

}  // namespace
}  // namespace portico::app
