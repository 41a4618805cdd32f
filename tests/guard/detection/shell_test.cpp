#include "guard/detection/shell.hpp"

#include <gtest/gtest.h>

#include <string>

#include "guard/detection/shell_words.hpp"

namespace portico::guard::detail {
namespace {

constexpr std::uint64_t kPlenty = 1'000'000;

bool is_shell(std::string_view text) {
    Budget budget{kPlenty};
    return is_shell_command(text, budget);
}
bool is_line(std::string_view text) {
    Budget budget{kPlenty};
    return is_command_line(text, budget);
}

TEST(Shell, reads_words_as_a_shell_does) {
    for (const auto text : {"; whoami",
                            "|ifconfig",
                            "&& lsof",
                            "$(w'h'o\\ami)",
                            ";\"rmt\" --version",
                            "; w$@hoami",
                            "; who''am\"\"i",
                            "; c\\at x",
                            "; u${x}name",
                            "; /bin/cat /etc/hosts",
                            "; X=1 Y=2 cat /etc/hosts",
                            "; sudo nice cat /etc/hosts",
                            ";CAT.EXE /x",
                            "; cat$IFS/etc/hosts",
                            "; cat < x",
                            "| sh -c id",
                            "; git clone -q x",
                            "; ping 10.0.0.1",
                            "; curl http://x.example",
                            "; type c:\\x",
                            "; ls *",
                            "; ls ~/x",
                            "; rm ../x",
                            "; ./ls"}) {
        EXPECT_TRUE(is_shell(text)) << text;
    }
}

TEST(Shell, sentences_are_no_commands) {
    for (const auto text : {"; find me a chair",
                            "; who is there",
                            "& cat and dog",
                            "; more - or less",
                            "; time",
                            "; git, docker and others",
                            "| sort | of",
                            "; head of state",
                            "& R",
                            ";",
                            "; ",
                            "",
                            "; don't",
                            "; 5 -x",
                            "; Task<void> x",
                            "; a-word-that-is-longer-than-any-command -x",
                            "; $5 and more",
                            "; set the table",
                            "; make 3 cakes",
                            "; date: 1.2.2026"}) {
        EXPECT_FALSE(is_shell(text)) << text;
    }
}

TEST(Shell, a_line_by_itself_needs_what_no_sentence_has) {
    for (const auto text : {"cat /etc/hosts", "nmap 10.0.0.1", "\"perf\" --version", "ls -la",
                            "sudo cat /x", "cscli alerts list", "bin/lastlog", "date > /tmp/x"}) {
        EXPECT_TRUE(is_line(text)) << text;
    }
    for (const auto text :
         {"curl and wget", "apt-get install nginx", "whoever", "cat", "time out of mind",
          "find a flat", "sort by price, low -> high", "hello"}) {
        EXPECT_FALSE(is_line(text)) << text;
    }
}

TEST(Shell, is_bounded) {
    EXPECT_FALSE(is_line("env env env env env env cat /x"));
    EXPECT_FALSE(is_shell("; cat" + std::string(1000, ' ') + "/etc"));
    Budget none{10};
    EXPECT_FALSE(is_shell_command("; whoami", none));
}

TEST(Shell, knows_commands_by_how_much_they_say) {
    EXPECT_EQ(shell_word("cat"), ShellWord::vague);
    EXPECT_EQ(shell_word("curl"), ShellWord::sure);
    EXPECT_EQ(shell_word("lastlog"), ShellWord::odd);
    EXPECT_EQ(shell_word("chair"), ShellWord::none);
    EXPECT_EQ(shell_word(""), ShellWord::none);
    EXPECT_TRUE(runs_another("sudo"));
    EXPECT_FALSE(runs_another("cat"));
}

}  // namespace
}  // namespace portico::guard::detail
