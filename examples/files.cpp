// Files, up and down. An upload is in memory, or beyond 1 MiB in a temporary file, until it is
// saved under a name of ours; a Directory finds it again, and nothing else, whatever is asked for.
#include <portico/crypto/random.hpp>
#include <portico/portico.hpp>

#include <filesystem>
using namespace portico;

struct Stored {
    std::string name;
    std::string called;
    std::uint64_t size;
};

constexpr std::string_view kPage = R"(<!doctype html><title>Drop box</title>
<form method="post" action="/files" enctype="multipart/form-data">
<input type="file" name="file" required><button>Store</button></form>
)";

// The client's name of it may be anything, "../../etc/passwd" too: it is shown and never opened.
Task<Created<Stored>> store(File<"file"> file) {
    const std::string name = crypto::random_token(16);
    co_await file->save_to("uploads/" + name);
    co_return Stored{name, std::string(file->filename()), file->size()};
}

int main(int argc, char** argv) {
    std::filesystem::create_directories("uploads");
    const Directory uploads("uploads");

    App app{{.title = "Drop box"}};
    app.get("/", [] { return HTMLResponse(std::string(kPage)); }, {.include_in_schema = false});
    // Other bodies are bounded by 1 MiB, this one by 100: what is too long is refused unread.
    app.post("/files", store, {.summary = "Store a file", .max_body = 100 * 1024 * 1024});
    // Nothing found is 404; what is found has an ETag, and its parts can be asked for.
    app.get("/files/{name}",
            [uploads](Path<std::string, "name"> name) {
                return uploads.find(*name, {.filename = *name + ".bin"});
            },
            {.summary = "Get it back"});
    serve_directory(app, "/raw", uploads);
    return run(app, argc, argv);
}
