#pragma once

#include <expected>
#include <fstream>
#include <iterator>
#include <string>

namespace portico::guard {

/// All of a file; the error says which can't be read.
[[nodiscard]] inline std::expected<std::string, std::string> read_file(const std::string& name) {
    std::ifstream file{name, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad()) return std::unexpected("can't read " + name);
    return text;
}

}  // namespace portico::guard
