#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace portico::auth {

/// A file of tests/auth/data.
inline std::string data(const std::string& name) {
    std::ifstream file(std::string(PORTICO_TEST_DATA "/") + name);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace portico::auth
