#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "portico/model/json.hpp"

namespace portico::conformance {

/// A request to a fixture, and its answer: a member of "cases".
::testing::Test* make_case(const model::Json& test);

/// Writes every document of every fixture into the folder, for scripts/schemas.
void write_documents(const std::filesystem::path& folder);

/// A JSON text and the verdict on it: a member of "texts".
::testing::Test* make_json_text(const model::Json& test);

}  // namespace portico::conformance
