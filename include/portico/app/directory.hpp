#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "portico/app/file_response.hpp"
#include "portico/app/router.hpp"

namespace portico::app {

/// How the files of a directory are served. Written in this order.
struct DirectoryOptions {
    /// A directory is its index.html, and what is not there is 404.html, if there is one.
    bool html = false;
    /// With `html`: a browser that asks for a page which is not there gets index.html, whose
    /// program knows what to show. Other requests get their 404.
    bool single_page = false;
    /// Symbolic links are followed, wherever they lead.
    bool follow_links = false;
    /// Files and directories whose names begin with a "." are there too: .git, .env.
    bool hidden_files = false;
};

/// Files below one directory, under the paths that clients ask for: never one that lies elsewhere.
/// Nothing is kept in memory; files may come and go. Thread-safe.
///
///     serve_directory(app, "/static", Directory("/srv/shop/static"));
///
///     const Directory avatars("/srv/avatars");
///     app.get("/users/{name}/avatar", [avatars](Path<std::string, "name"> name) {
///         return avatars.find(*name + ".png");     // 404 for "../secret" and for what is not
///         there
///     });
class Directory {
public:
    /// Throws `std::system_error` where there is no such directory.
    explicit Directory(std::string path, DirectoryOptions options = {});

    /// The file under a path relative to the directory, "css/site.css"; with `html` also of
    /// "docs/", which is docs/index.html. Nothing where there is none that may be read.
    [[nodiscard]] std::optional<FileResponse> find(std::string_view path,
                                                   http::FileOptions options = {}) const;
    /// Whether the path is a directory that `find` would find an index of.
    [[nodiscard]] bool has_index(std::string_view path) const;

    [[nodiscard]] const DirectoryOptions& options() const noexcept { return options_; }

private:
    std::string path_;
    DirectoryOptions options_;
};

/// Answers GET and HEAD below `prefix` ("/static"; "" for all that no route before it takes) with
/// the files of a directory. With `html`, a directory without its last "/" is redirected to with
/// it. Not in the document, unless the options say so.
void serve_directory(Routes& routes, std::string prefix, Directory directory,
                     RouteOptions options = {.include_in_schema = false});

}  // namespace portico::app
