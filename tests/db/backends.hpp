#pragma once

#include <optional>
#include <string>

#include "portico/db/schema.hpp"
#include "tests/db/postgres_support.hpp"
#include "tests/db/support.hpp"

namespace portico::db::test {

/// An empty database of the back end that the test's parameter names.
class OnEveryBackend : public ::testing::TestWithParam<const char*> {
public:
    [[nodiscard]] bool on_postgresql() const { return GetParam() == std::string("postgresql"); }

    template <class... T>
    void make_tables() {
        const auto made = create_tables<T...>(database);
        if (!made) throw made.error();
    }

    Folder folder;
    std::optional<Schema> schema;
    Database database = open({.url = url()});
    Session session = database.session();

private:
    std::string url() {
        if (on_postgresql()) return schema.emplace().url();
        return GetParam() == std::string("memory") ? "sqlite:///:memory:" : folder.url();
    }
};

inline std::string backend_name(const ::testing::TestParamInfo<const char*>& info) {
    return info.param;
}

}  // namespace portico::db::test

#define PORTICO_ON_EVERY_BACKEND(suite)                                                  \
    INSTANTIATE_TEST_SUITE_P(, suite, ::testing::Values("file", "memory", "postgresql"), \
                             &::portico::db::test::backend_name)
