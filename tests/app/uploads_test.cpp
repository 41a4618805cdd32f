#include "portico/app/upload_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "portico/testing/test_client.hpp"
#include "portico/testing/test_reactor.hpp"

namespace portico::app {
namespace {

using core::Task;
using testing::TestClient;
using testing::TestResponse;

constexpr std::size_t kMiB = std::size_t{1024} * 1024;

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

/// Text of which no two pieces are alike.
std::string text_of(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i) + ',';
    text.resize(size);
    return text;
}

/// Descriptors of files without a name in a folder; a file with a name there is a failure.
std::vector<int> unnamed_files(const std::filesystem::path& folder) {
    EXPECT_TRUE(std::filesystem::is_empty(folder));
    std::vector<int> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(entry.path(), gone);
        if (target.string().starts_with(folder.string() + "/")) {
            found.push_back(std::stoi(entry.path().filename()));
        }
    }
    return found;
}

/// A folder of its own that uploads are spooled to.
class Uploads : public ::testing::Test {
protected:
    Uploads() {
        folder = std::filesystem::temp_directory_path() /
                 ("portico-uploads-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder / "spool");
        if (const char* set = ::getenv("TMPDIR")) before_ = set;
        ::setenv("TMPDIR", (folder / "spool").c_str(), 1);
    }
    ~Uploads() override {
        if (before_) {
            ::setenv("TMPDIR", before_->c_str(), 1);
        } else {
            ::unsetenv("TMPDIR");
        }
        std::filesystem::remove_all(folder);
    }

    std::filesystem::path folder;

private:
    std::optional<std::string> before_;
};

TEST_F(Uploads, a_small_file_is_in_memory_with_what_was_said_of_it) {
    App app;
    app.post("/x", [&](File<"f"> f) -> Task<std::string> {
        EXPECT_TRUE(unnamed_files(folder / "spool").empty());
        co_return std::string(f->filename()) + "|" + std::string(f->content_type()) + "|" +
            std::to_string(f->size()) + "|" + std::string(f->headers().value_or_empty("X-Own")) +
            "|" + std::string(f->data().value_or("spooled")) + "|" + co_await f->read(1) +
            co_await f->read() + co_await f->read();
    });
    TestClient client(app);
    EXPECT_EQ(
        upload(client,
               part("f", "; filename=\"a.txt\"\r\nContent-Type: text/plain\r\nX-Own: y", "hello"))
            .text,
        R"("a.txt|text/plain|5|y|hello|hello")");
}

TEST_F(Uploads, a_large_file_is_in_a_private_file_without_a_name_until_the_request_ends) {
    const std::string text = text_of(3 * kMiB);
    {
        App app;
        app.post("/x",
                 [&](File<"f"> f) -> Task<bool> {
                     EXPECT_EQ(f->size(), text.size());
                     EXPECT_FALSE(f->data().has_value());
                     const auto files = unnamed_files(folder / "spool");
                     EXPECT_EQ(files.size(), 1U);
                     struct stat status{};
                     EXPECT_EQ(::fstat(files.at(0), &status), 0);
                     EXPECT_EQ(status.st_mode & 07777, 0600U);
                     EXPECT_EQ(status.st_nlink, 0U);
                     co_return co_await f->read() == text;
                 },
                 {.max_body = 4 * kMiB});
        TestClient client(app, {.body_chunk = 10'000});
        EXPECT_EQ(upload(client, file("f", "big", text)).text, "true");
    }
    EXPECT_TRUE(unnamed_files(folder / "spool").empty());
}

TEST_F(Uploads, a_large_file_is_read_in_pieces_from_where_one_wants) {
    const std::string text = text_of(2 * kMiB);
    App app;
    app.post("/x",
             [&](File<"f"> f) -> Task<std::string> {
                 std::string seen = co_await f->read(3) + "|" + co_await f->read(4);
                 f->seek(text.size() - 2);
                 const UploadFile same = *f;
                 seen += "|" + co_await same.read(10) + "|" + co_await f->read(10) + "|";
                 f->seek(text.size() + 5);
                 co_return seen + co_await f->read();
             },
             {.max_body = 4 * kMiB});
    TestClient client(app);
    EXPECT_EQ(upload(client, file("f", "big", text)).text,
              "\"0,1|,2,3|" + text.substr(text.size() - 2) + "||\"");
}

TEST_F(Uploads, several_files_keep_their_order_wherever_each_of_them_is) {
    const std::string text = text_of(5000);
    App app;
    app.post("/x",
             [&](File<"f", std::vector<UploadFile>> files, Form<std::string, "note"> note,
                 File<"none", std::optional<std::vector<UploadFile>>> none) -> Task<std::string> {
                 std::string seen = *note + (none->has_value() ? "!" : "");
                 for (const UploadFile& each : *files) {
                     seen += "|" + std::string(each.filename()) + (each.data() ? "m" : "s");
                     const auto size = static_cast<std::size_t>(each.size());
                     seen += co_await each.read() == text.substr(0, size) ? "=" : "!";
                 }
                 co_return seen;
             },
             {.form = {.spool_max_size = 1000}});
    TestClient client(app, {.body_chunk = 333});
    EXPECT_EQ(upload(client, file("f", "a", text) + file("f", "b", text.substr(0, 1000)) +
                                 part("note", "", "n") + file("f", "c", text.substr(0, 1001)) +
                                 file("f", "d", ""))
                  .text,
              R"("n|as=|bm=|cs=|dm=")");
    // Many small files together leave the memory too.
    std::string many;
    for (char name = 'a'; name < 'g'; ++name) {
        many += file("f", std::string(1, name), text.substr(0, 900));
    }
    EXPECT_EQ(upload(client, many + part("note", "", "n")).text, R"("n|am=|bm=|cm=|dm=|es=|fs=")");
}

TEST_F(Uploads, a_list_of_files_may_be_optional) {
    App app;
    app.post("/x", [](File<"f", std::optional<std::vector<UploadFile>>> files) {
        return *files ? (*files)->size() : 99;
    });
    TestClient client(app);
    EXPECT_EQ(upload(client, file("f", "a", "1") + file("f", "b", "2")).text, "2");
    EXPECT_EQ(upload(client, part("note", "", "n")).text, "99");
    EXPECT_EQ(upload(client, file("f", "", "")).text, "99");
}

TEST_F(Uploads, a_file_is_saved_as_a_new_private_file) {
    const std::string large = text_of(2 * kMiB);
    App app;
    app.post("/{name}",
             [&](Path<std::string, "name"> name, File<"f"> f) -> Task<bool> {
                 try {
                     co_await f->save_to(folder / *name);
                     co_return true;
                 } catch (const std::system_error& error) {
                     EXPECT_NE(error.code().value(), 0);
                     co_return false;
                 }
             },
             {.max_body = 4 * kMiB});
    TestClient client(app);
    const auto saved = [&](std::string_view name) {
        std::ifstream in(folder / name, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    EXPECT_EQ(upload(client, file("f", "../../evil", large), "/large").text, "true");
    EXPECT_TRUE(saved("large") == large);  // not printed: it is long
    EXPECT_EQ(upload(client, file("f", "x", "small"), "/small").text, "true");
    EXPECT_EQ(saved("small"), "small");
    EXPECT_EQ(std::filesystem::status(folder / "small").permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);

    EXPECT_EQ(upload(client, file("f", "x", "other"), "/small").text, "false");
    EXPECT_EQ(saved("small"), "small");
    std::filesystem::create_symlink(folder / "target", folder / "link");
    EXPECT_EQ(upload(client, file("f", "x", "other"), "/link").text, "false");
    EXPECT_FALSE(std::filesystem::exists(folder / "target"));
}

TEST_F(Uploads, a_background_task_keeps_the_file_that_it_took) {
    const std::string text = text_of(2 * kMiB);
    bool same = false;
    App app;
    app.post("/x",
             [&](File<"f"> f, BackgroundTasks tasks) {
                 tasks.add([&, kept = *f]() -> Task<void> { same = co_await kept.read() == text; });
                 return 1;
             },
             {.max_body = 4 * kMiB});
    {
        TestClient client(app);
        EXPECT_EQ(upload(client, file("f", "big", text)).text, "1");
    }
    EXPECT_TRUE(same);
}

TEST_F(Uploads, the_bounds_of_a_form_are_the_routes) {
    App app;
    const auto handler = [](File<"f", std::vector<UploadFile>> files,
                            Form<std::optional<std::string>, "note">) { return files->size(); };
    app.post("/x", handler);
    app.post("/few", handler, {.form = {.max_files = 1, .max_fields = 1, .max_part_size = 2048}});
    app.post("/login", [](Form<std::string, "note"> note) { return note->size(); },
             {.form = {.max_fields = 1, .max_part_size = 2048}});
    TestClient client(app, {.body_chunk = 1000});
    const std::string two = file("f", "a", "1") + file("f", "b", "2");
    EXPECT_EQ(upload(client, two).text, "2");
    const auto few = upload(client, two, "/few");
    EXPECT_EQ(few.status_code, 400);
    EXPECT_EQ(few.text, R"({"detail":"Too many files. Maximum number of files is 1."})");
    EXPECT_EQ(upload(client, part("a", "", "1") + part("b", "", "1"), "/few").text,
              R"({"detail":"Too many fields. Maximum number of fields is 1."})");
    EXPECT_EQ(upload(client, part("note", "", std::string(2049, 'x')), "/few").text,
              R"({"detail":"Part exceeded maximum size of 2KB."})");
    EXPECT_EQ(upload(client, part("note", "", std::string(2049, 'x')), "/login").text,
              R"({"detail":"Part exceeded maximum size of 2KB."})");
    EXPECT_EQ(client.post("/login", {.data = {{"note", std::string(2049, 'x')}}}).text,
              R"({"detail":"Field exceeded maximum size of 2KB."})");
    EXPECT_EQ(client.post("/login", {.data = {{"note", "1"}, {"other", "2"}}}).text,
              R"({"detail":"Too many fields. Maximum number of fields is 1."})");
    EXPECT_EQ(
        client.post("/x", {.headers = {{"Content-Type", "multipart/form-data"}}, .content = two})
            .text,
        R"({"detail":"Missing boundary in multipart."})");
    EXPECT_EQ(client
                  .post("/x", {.headers = {{"Content-Type", "multipart/form-data; boundary=B"}},
                               .content = two})
                  .text,
              R"({"detail":"The multipart body ends before its closing boundary."})");
    EXPECT_EQ(upload(client, "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n").text,
              R"({"detail":"The Content-Disposition header field \"name\" must be provided."})");
}

TEST_F(Uploads, max_body_bounds_the_whole_form) {
    App app;
    app.post("/x", [](File<"f"> f) { return f->size(); });
    TestClient client(app, {.body_chunk = 1000});
    EXPECT_EQ(upload(client, file("f", "a", text_of(kMiB))).status_code, 413);
    EXPECT_EQ(upload(client, file("f", "a", text_of(kMiB - 1000))).status_code, 200);
}

TEST_F(Uploads, a_route_for_large_files_does_not_take_other_large_bodies_into_memory) {
    App app{{.max_body = 1000}};
    app.post("/x",
             [](File<"f", std::optional<UploadFile>>, Form<std::optional<std::string>, "note">) {
                 return 1;
             },
             {.max_body = 100 * kMiB});
    TestClient client(app, {.body_chunk = 100});
    EXPECT_EQ(client.post("/x", {.data = {{"note", std::string(900, 'x')}}}).status_code, 200);
    EXPECT_EQ(client.post("/x", {.data = {{"note", std::string(1100, 'x')}}}).status_code, 413);
}

TEST_F(Uploads, a_body_that_a_layer_has_read_is_read_again) {
    App app;
    app.middleware([](http::Request& request, CallNext call_next) -> Task<http::Response> {
        EXPECT_FALSE((co_await request.body()).empty());
        co_return co_await call_next(request);
    });
    app.post("/x", [](File<"f"> f) { return f->size(); });
    TestClient client(app, {.body_chunk = 10});
    EXPECT_EQ(upload(client, file("f", "a", "hello")).text, "5");
}

TEST_F(Uploads, a_file_that_can_not_be_spooled_is_a_500) {
    ::setenv("TMPDIR", (folder / "no-such-folder").c_str(), 1);
    App app;
    bool called = false;
    app.post("/x", [&](File<"f">) { return called = true; }, {.form = {.spool_max_size = 10}});
    TestClient client(app, {.raise_server_exceptions = false});
    EXPECT_EQ(upload(client, file("f", "a", "more than ten bytes")).status_code, 500);
    EXPECT_FALSE(called);
}

TEST_F(Uploads, a_client_that_goes_away_leaves_nothing) {
    {
        App app;
        app.post("/x", [&](File<"f">) { return 1; }, {.form = {.spool_max_size = 10}});
        TestClient client(app, {.body_chunk = 10});
        auto started =
            client.start("POST", "/x",
                         {.headers = {{"Content-Type", "multipart/form-data; boundary=B"}},
                          .content = file("f", "a", std::string(1000, 'x'))});
        client.run_ready();
        started.disconnect();
    }
    EXPECT_TRUE(unnamed_files(folder / "spool").empty());
}

TEST_F(Uploads, a_handler_can_be_called_with_a_file_of_a_test) {
    const auto handler = [](File<"f"> f) -> Task<std::string> {
        co_return std::string(f->filename()) + co_await f->read();
    };
    testing::TestReactor reactor;
    EXPECT_EQ(reactor.run(handler(UploadFile("a.txt", "text/plain", "hello"))), "a.txthello");
}

/// A form with one file of so many bytes, none of which is there before it is asked for.
class Generated final : public http::BodySource {
public:
    using Piece = std::expected<std::string_view, http::BodyError>;

    Generated(std::uint64_t size, void (*look)()) : left_(size), look_(look) {}

    std::optional<Piece> buffered(std::size_t) override { return {}; }
    Task<Piece> read_all(std::size_t) override { throw std::logic_error("never all of it"); }
    Task<Piece> read_some(std::size_t) override {
        look_();
        switch (step_) {
            case 0:
                step_ = 1;
                co_return head_;
            case 1:
                if (left_ == 0) step_ = 2;
                if (step_ == 1) {
                    const auto size = std::min<std::uint64_t>(left_, bytes_.size());
                    left_ -= size;
                    co_return std::string_view(bytes_).substr(0, static_cast<std::size_t>(size));
                }
                [[fallthrough]];
            case 2:
                step_ = 3;
                co_return std::string_view("\r\n--B--\r\n");
            default:
                co_return std::string_view();
        }
    }
    [[nodiscard]] std::optional<std::uint64_t> length() const noexcept override { return {}; }

private:
    std::string head_ =
        "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"large\"\r\n\r\n";
    std::string bytes_ = text_of(std::size_t{16} * 1024);
    std::uint64_t left_;
    void (*look_)();
    int step_ = 0;
};

class Sent final : public http::Exchange {
public:
    using Exchange::Exchange;
    void send() noexcept override { done = true; }
    bool done = false;
};

/// Pages of the process that are in memory, in bytes.
std::size_t resident() {
    // Without an allocation: a sanitizer keeps what was freed.
    char text[100] = {};
    const int statm = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    EXPECT_GT(::read(statm, text, sizeof text - 1), 0);
    ::close(statm);
    char* second = text;
    static_cast<void>(std::strtoull(text, &second, 10));
    return std::strtoull(second, nullptr, 10) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t most_resident = 0;

TEST_F(Uploads, a_large_upload_needs_no_more_memory_than_a_small_one) {
    constexpr std::size_t kSize = 64 * kMiB;
    App app;
    std::uint64_t seen = 0;
    app.post("/x",
             [&](File<"f"> f) -> Task<void> {
                 // Not all of it, for the same reason.
                 f->seek(f->size() - kMiB);
                 seen = f->size() - kMiB + (co_await f->read()).size();
                 most_resident = std::max(most_resident, resident());
             },
             {.max_body = kSize + kMiB});
    testing::TestReactor reactor;
    app.prepare();
    reactor.run(app.startup());
    Sent exchange(reactor);
    Generated body(kSize, [] { most_resident = std::max(most_resident, resident()); });
    const std::string head = "Content-Typemultipart/form-data; boundary=B";
    exchange.request.mutable_headers().append_range(0, 12, 12, head.size() - 12);
    exchange.request.mutable_headers().set_text(head.data());
    exchange.request.set_method(http::Method::post, "POST");
    ASSERT_TRUE(exchange.request.set_target("/x"));
    exchange.request.set_body_source(&body);
    const std::size_t before = most_resident = resident();
    app.match(exchange);
    app.handle(exchange);
    reactor.run_until([&] { return exchange.done; });
    exchange.release.run(exchange.release.resource);
    reactor.run(app.shutdown());
    EXPECT_EQ(exchange.response.status, 200);
    EXPECT_EQ(seen, kSize);
    EXPECT_LT(most_resident - before, 16 * kMiB);
}

TEST_F(Uploads, a_blocking_handler_reads_and_saves_what_is_spooled) {
    const std::string text = text_of(2 * kMiB);
    App app;
    app.post("/x",
             [&](File<"f"> f) {
                 const std::string first = f->read_blocking(3);
                 f->seek(0);
                 f->save_to_blocking(folder / "kept");
                 return first + (f->read_blocking() == text ? "|same|" : "|other|") +
                        f->read_blocking();
             },
             {.blocking = true, .max_body = 4 * kMiB});
    TestClient client(app);
    EXPECT_EQ(upload(client, file("f", "big", text)).text, R"("0,1|same|")");
    EXPECT_EQ(std::filesystem::file_size(folder / "kept"), text.size());
}

}  // namespace
}  // namespace portico::app
