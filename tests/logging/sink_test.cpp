#include "portico/logging/sink.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "portico/logging/logging.hpp"

namespace portico::logging {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

class SinkTest : public testing::Test {
protected:
    SinkTest() {
        std::string pattern = (std::filesystem::temp_directory_path() / "portico-XXXXXX").string();
        directory_ = ::mkdtemp(pattern.data());
    }
    ~SinkTest() override { std::filesystem::remove_all(directory_); }

    std::filesystem::path directory_;
};

struct Pipe {
    Pipe() { EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0); }
    ~Pipe() {
        ::close(ends[0]);
        if (ends[1] != -1) ::close(ends[1]);
    }
    std::string read_all() {
        ::close(ends[1]);
        ends[1] = -1;
        std::string all;
        char buffer[65536];
        for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
            all.append(buffer, static_cast<std::size_t>(n));
        }
        return all;
    }
    int ends[2];
};

TEST_F(SinkTest, a_file_gets_the_lines_and_its_directory_is_made) {
    const auto path = directory_ / "logs" / "app.log";
    auto logging = setup({.to_stdout = false, .file = path.string()}).value();
    logging->logger("shop").info("one");
    ASSERT_TRUE(logging->flush(seconds(10)));
    EXPECT_THAT(read_file(path), HasSubstr(" - shop - INFO - one\n"));
    const auto others =
        std::filesystem::status(path).permissions() & std::filesystem::perms::others_all;
    EXPECT_EQ(others, std::filesystem::perms::none);
}

TEST_F(SinkTest, a_file_is_appended_to) {
    const auto path = directory_ / "app.log";
    std::ofstream(path) << "before\n";
    setup({.to_stdout = false, .file = path.string()}).value()->logger("shop").info("after");
    EXPECT_THAT(read_file(path), testing::StartsWith("before\n2"));
}

TEST_F(SinkTest, the_destructor_writes_what_is_queued) {
    const auto path = directory_ / "app.log";
    {
        auto logging = setup({.to_stdout = false,
                              .file = path.string(),
                              .queue = {.gather = std::chrono::hours(1)}})
                           .value();
        logging->logger("shop").info("last words");
    }
    EXPECT_THAT(read_file(path), HasSubstr("last words\n"));
}

TEST_F(SinkTest, after_a_rotation_reopen_makes_a_new_file) {
    const auto path = directory_ / "app.log";
    const auto rotated = directory_ / "app.log.1";
    auto logging = setup({.to_stdout = false, .file = path.string()}).value();
    auto log = logging->logger("shop");
    log.info("old");
    ASSERT_TRUE(logging->flush(seconds(10)));
    std::filesystem::rename(path, rotated);
    log.info("still old");
    ASSERT_TRUE(logging->flush(seconds(10)));
    ASSERT_TRUE(logging->reopen().has_value());
    log.info("new");
    ASSERT_TRUE(logging->flush(seconds(10)));
    EXPECT_THAT(read_file(rotated), HasSubstr("still old\n"));
    EXPECT_THAT(read_file(path), HasSubstr("new\n"));
    EXPECT_THAT(read_file(path), testing::Not(HasSubstr("old")));
}

TEST_F(SinkTest, a_failed_reopen_keeps_the_old_file) {
    const auto folder = directory_ / "logs";
    auto logging = setup({.to_stdout = false, .file = (folder / "app.log").string()}).value();
    std::filesystem::rename(folder, directory_ / "moved");
    std::ofstream(folder) << "a file where the directory was";
    const auto reopened = logging->reopen();
    ASSERT_FALSE(reopened.has_value());
    EXPECT_THAT(reopened.error(), HasSubstr("can't open the log file"));
    logging->logger("shop").info("goes on");
    ASSERT_TRUE(logging->flush(seconds(10)));
    EXPECT_THAT(read_file(directory_ / "moved" / "app.log"), HasSubstr("goes on"));
}

TEST_F(SinkTest, lines_of_many_threads_stay_whole) {
    const auto path = directory_ / "app.log";
    constexpr int kThreads = 4;
    constexpr int kLines = 2000;
    {
        auto logging = setup({.to_stdout = false, .file = path.string()}).value();
        std::vector<std::jthread> threads;
        for (int t = 0; t < kThreads; ++t) {
            threads.emplace_back([&, t] {
                auto log = logging->logger("shop");
                for (int i = 0; i < kLines; ++i) log.info("whole", {{"thread", t}, {"line", i}});
            });
        }
        threads.clear();
        ASSERT_TRUE(logging->flush(seconds(30)));
    }
    std::ifstream in(path);
    int lines = 0;
    for (std::string line; std::getline(in, line); ++lines) {
        EXPECT_THAT(line,
                    testing::ContainsRegex(" - shop - INFO - whole thread=[0-3] line=[0-9]+$"));
    }
    EXPECT_EQ(lines, kThreads * kLines);
}

TEST_F(SinkTest, a_reader_that_stops_costs_lines_not_time) {
    Pipe pipe;
    const QueueOptions queue{.capacity = 4096, .gather = {}, .drain = std::chrono::seconds(20)};
    std::uint64_t dropped = 0;
    constexpr std::uint64_t kLines = 20000;
    std::string all;
    {
        auto logging = setup({.to_stdout = false,
                              .sinks = {descriptor_sink(pipe.ends[1], Format::text, queue)}})
                           .value();
        auto log = logging->logger("shop");
        // More than pipe, queue and batch hold, while nobody reads: this ends only if no line
        // waits.
        for (std::uint64_t i = 0; i < kLines; ++i) log.info("into a full pipe", {{"line", i}});
        dropped = logging->dropped();
        EXPECT_GT(dropped, 0U);
        std::thread reader([&] {
            char buffer[65536];
            for (;;) {
                const ssize_t n = ::read(pipe.ends[0], buffer, sizeof buffer);
                if (n <= 0) return;
                all.append(buffer, static_cast<std::size_t>(n));
            }
        });
        EXPECT_TRUE(logging->flush(seconds(20)));
        log.info("room again");
        EXPECT_TRUE(logging->flush(seconds(20)));
        logging.reset();
        ::close(pipe.ends[1]);
        pipe.ends[1] = -1;
        reader.join();
    }
    std::istringstream in(all);
    std::uint64_t whole = 0;
    bool told = false;
    for (std::string line; std::getline(in, line);) {
        if (line.find("into a full pipe line=") != std::string::npos) ++whole;
        told = told || line.find(
                           "portico.logging - WARNING - lines were dropped: the output is too "
                           "slow or fails lines=") != std::string::npos;
    }
    EXPECT_EQ(whole, kLines - dropped);
    EXPECT_TRUE(told);
    EXPECT_NE(all.find("room again"), std::string::npos);
}

TEST_F(SinkTest, a_reader_that_never_comes_does_not_hold_up_the_end) {
    Pipe pipe;
    auto logging =
        setup({.to_stdout = false,
               .sinks = {descriptor_sink(pipe.ends[1], Format::text, {.gather = {}, .drain = {}})}})
            .value();
    auto log = logging->logger("shop");
    for (int i = 0; i < 20000; ++i) log.info("never read");
    EXPECT_FALSE(logging->flush(std::chrono::milliseconds(0)));
    logging.reset();  // hangs when it waits for the reader
}

TEST_F(SinkTest, a_closed_pipe_is_no_signal_and_its_lines_are_counted) {
    Pipe pipe;
    auto logging = setup({.to_stdout = false, .sinks = {descriptor_sink(pipe.ends[1])}}).value();
    ::close(pipe.ends[0]);
    pipe.ends[0] = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    logging->logger("shop").info("to nobody");
    ASSERT_TRUE(logging->flush(seconds(10)));
    EXPECT_EQ(logging->dropped(), 1U);
}

TEST_F(SinkTest, a_descriptor_that_is_closed_already_loses_lines_and_holds_up_nothing) {
    auto logging = setup({.to_stdout = false, .sinks = {descriptor_sink(-1)}}).value();
    logging->logger("shop").info("to nowhere");
    EXPECT_TRUE(logging->flush(seconds(10)));
    EXPECT_EQ(logging->dropped(), 1U);
}

TEST_F(SinkTest, the_notice_of_drops_is_json_when_the_lines_are) {
    Pipe pipe;
    {
        auto logging = setup({.format = Format::json,
                              .to_stdout = false,
                              .sinks = {descriptor_sink(pipe.ends[1], Format::json,
                                                        {.capacity = 100, .gather = {}})}})
                           .value();
        logging->logger("shop").info(std::string(200, 'a'));
        logging->logger("shop").info("b");
        ASSERT_TRUE(logging->flush(seconds(10)));
    }
    EXPECT_THAT(pipe.read_all(), HasSubstr(R"(,"fields":{"lines":1}})"));
}

}  // namespace
}  // namespace portico::logging
