#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "portico/logging/sink.hpp"

namespace portico::logging {

/// Keeps every line, for tests.
///
///     auto lines = std::make_shared<CaptureSink>();
///     auto logging = setup({.to_stdout = false, .sinks = {lines}}).value();
///     EXPECT_TRUE(lines->contains("payment refused"));
class CaptureSink final : public Sink {
public:
    struct Line {
        Level level;
        std::string logger;
        std::string message;
        std::string request_id;
        std::map<std::string, std::string> fields;  ///< Values as text: "8000", "true".
        std::string text;                           ///< As it would be printed, with its newline.
    };

    void write(const Record& record, std::string_view line) noexcept override;

    [[nodiscard]] std::vector<Line> lines() const;
    /// True when the printed form of any line holds `text`.
    [[nodiscard]] bool contains(std::string_view text) const;
    void clear();

private:
    mutable std::mutex mutex_;
    std::vector<Line> lines_;
};

}  // namespace portico::logging
