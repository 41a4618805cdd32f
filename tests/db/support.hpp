#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <utility>

#include "portico/db/database.hpp"
#include "portico/db/wait.hpp"

namespace portico::db::test {

/// A folder that is gone with the object.
class Folder {
public:
    Folder() {
        std::string pattern = ::testing::TempDir() + "portico-db-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
    [[nodiscard]] std::string url() const { return "sqlite:///" + file("app.db"); }

private:
    std::string path_;
};

/// Opens a database or fails the test with the reason.
inline Database open(DatabaseOptions options) {
    auto opened = Database::open(std::move(options));
    if (!opened) throw opened.error();
    return *std::move(opened);
}

template <class... Arguments>
std::int64_t run(const Database& database, Sql statement, const Arguments&... arguments) {
    Session session = database.session();
    const auto changed = wait(session.execute(statement, arguments...));
    wait(session.commit());
    return changed;
}

template <class T, class... Arguments>
T value(const Database& database, Sql statement, const Arguments&... arguments) {
    Session session = database.session();
    return wait(session.fetch<T>(statement, arguments...)).at(0);
}

}  // namespace portico::db::test
