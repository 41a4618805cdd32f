#include "tests/conformance/apps/apps.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portico::conformance {
namespace {

struct LogIn {
    static constexpr auto model_config = model::ModelConfig{.extra = model::Extra::forbid};
    Annotated<std::string, min_length(3)> username;
    Annotated<std::string> password;
    Annotated<bool> remember = false;
};
struct Profile {
    Annotated<std::string> name;
    std::optional<std::int64_t> age;
    Annotated<std::vector<std::string>> tags = empty;
};
struct Seen {
    std::string filename;
    std::string content_type;
    std::string data;
};
struct SeenAll {
    std::vector<std::string> names;
    std::string note;
};

Seen seen(const UploadFile& file) {
    return {std::string(file.filename()), std::string(file.content_type()),
            std::string(file.data().value())};
}

}  // namespace

AppPointer make_forms() {
    auto made = std::make_unique<App>(AppOptions{.title = "forms"});
    App& app = *made;
    app.post("/fields",
             [](Form<std::string, "name"> name, Form<std::int64_t, "age", ge(0)> age)
                 -> std::vector<std::string> { return {*name, std::to_string(*age)}; });
    app.post("/optional", [](Form<std::optional<std::string>, "name"> name) -> std::string {
        return name->value_or("nobody");
    });
    app.post("/default",
             [](Form<std::string, "name", default_value("someone")> name) -> std::string {
                 return *name;
             });
    app.post("/list", [](Form<std::vector<std::int64_t>, "n"> n) -> std::vector<std::int64_t> {
        return *n;
    });
    app.post("/login", [](Form<LogIn> form) -> LogIn { return *form; });
    app.post("/profile", [](Form<Profile> form) -> Profile { return *form; });
    app.post("/file", [](File<"file"> file) -> Seen { return seen(*file); });
    app.post("/maybe-file", [](File<"file", std::optional<UploadFile>> file) -> std::string {
        return *file ? std::string((*file)->filename()) : "none";
    });
    app.post("/files",
             [](File<"files", std::vector<UploadFile>> files,
                Form<std::string, "note"> note) -> SeenAll {
                 SeenAll all{.names = {}, .note = *note};
                 for (const auto& file : *files) all.names.emplace_back(file.filename());
                 return all;
             });
    app.post("/with/{id}",
             [](Path<std::int64_t, "id"> id, Query<std::int64_t, "q"> q,
                Form<std::int64_t, "n"> n) -> std::int64_t { return *id + *q + *n; });
    return made;
}

}  // namespace portico::conformance
