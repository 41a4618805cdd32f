#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace portico::testing {

/// What a command has said, and how it ended.
struct CommandResult {
    int status = 0;
    std::string out;
    std::string errors;
};

/// Runs a function of `argc` and `argv`; the first of `words` is its name.
template <class Command>
CommandResult run_command(Command command, std::vector<std::string> words) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int status = command(static_cast<int>(argv.size()), argv.data());
    std::string out = ::testing::internal::GetCapturedStdout();
    return {status, std::move(out), ::testing::internal::GetCapturedStderr()};
}

}  // namespace portico::testing
