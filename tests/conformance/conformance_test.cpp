#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "portico/model/json.hpp"
#include "tests/conformance/cases.hpp"

/// Every case of tests/conformance/*.json is a test `<area>.<name>`.
namespace portico::conformance {
namespace {

namespace fs = std::filesystem;
using model::Json;

/// At the end of the run: of each area, how many cases pass.
class Shares : public ::testing::EmptyTestEventListener {
    void OnTestProgramEnd(const ::testing::UnitTest& tests) override {
        int passed = 0;
        int run = 0;
        for (int i = 0; i < tests.total_test_suite_count(); ++i) {
            const auto& area = *tests.GetTestSuite(i);
            if (area.test_to_run_count() == 0) continue;
            print(area.name(), area.successful_test_count(), area.test_to_run_count());
            passed += area.successful_test_count();
            run += area.test_to_run_count();
        }
        if (run > 0) print("all", passed, run);
    }
    static void print(const char* area, int passed, int run) {
        std::printf("conformance: %-14s %4d of %4d  %5.1f %%\n", area, passed, run,
                    100.0 * passed / run);
    }
};

void register_each(const Json& file, const char* member,
                   ::testing::Test* (*make)(const Json& test)) {
    const std::string area(file["area"].as_string());
    for (const Json& test : file[member].items()) {
        const std::string name(test["name"].as_string());
        ::testing::RegisterTest(area.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                                [make, &test] { return make(test); });
    }
}

std::vector<Json> load(const fs::path& folder) {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".json") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<Json> files;
    for (const auto& path : paths) {
        std::ostringstream text;
        text << std::ifstream(path).rdbuf();
        auto file = Json::parse(text.str());
        if (!file) throw std::runtime_error(path.string() + ": " + file.error().message);
        files.push_back(*std::move(file));
    }
    return files;
}

}  // namespace
}  // namespace portico::conformance

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    if (argc == 3 && std::string_view(argv[1]) == "documents") {
        portico::conformance::write_documents(argv[2]);
        return 0;
    }
    const auto files = portico::conformance::load(PORTICO_CONFORMANCE_CASES);
    for (const auto& file : files) {
        portico::conformance::register_each(file, "cases", &portico::conformance::make_case);
        portico::conformance::register_each(file, "texts", &portico::conformance::make_json_text);
    }
    testing::UnitTest::GetInstance()->listeners().Append(new portico::conformance::Shares);
    return RUN_ALL_TESTS();
}