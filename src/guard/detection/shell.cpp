#include "guard/detection/shell.hpp"

#include <array>

#include "guard/detection/bytes.hpp"
#include "guard/detection/shell_words.hpp"

namespace portico::guard::detail {
namespace {

constexpr std::size_t kLongestWord = 24;
constexpr std::size_t kLongestLine = 256;
/// "sudo env nice …"
constexpr int kMostRunners = 3;

bool is_quote(char c) noexcept {
    return c == '"' || c == '\'';
}
/// What ends a word for a shell.
bool ends_word(char c) noexcept {
    return is_space(c) || std::string_view(";|&<>()`{}").contains(c);
}

/// A word as a shell reads it.
struct Word {
    std::array<char, kLongestWord> letters{};
    std::size_t size = 0;
    bool hidden = false;  ///< Quotes, backslashes or empty variables stood within.
    bool path = false;

    [[nodiscard]] std::string_view text() const noexcept { return {letters.data(), size}; }
};

enum class Argument {
    none,    ///< The line ends.
    word,    ///< It may be a sentence.
    option,  ///< "-la", "/etc", "$HOME", "> x": nobody writes so.
};

class Line {
public:
    explicit Line(std::string_view text) noexcept : rest_(text) {}

    /// What stands between two commands, and what may stand in front of the next.
    void skip_separators() noexcept {
        while (!rest_.empty() && (ends_word(rest_[0]) || is_quote(rest_[0]) || rest_[0] == '!' ||
                                  rest_.starts_with("$("))) {
            rest_.remove_prefix(1);
        }
    }

    /// "X=1 id": set for the command alone.
    void skip_assignments() noexcept {
        for (int i = 0; i < kMostRunners; ++i) {
            std::size_t end = 0;
            while (end < rest_.size() && is_word(rest_[end])) ++end;
            if (end == 0 || end == rest_.size() || rest_[end] != '=') return;
            while (end < rest_.size() && !ends_word(rest_[end])) ++end;
            if (end == rest_.size() || !is_space(rest_[end])) return;
            rest_.remove_prefix(end);
            skip_blanks();
        }
    }

    [[nodiscard]] Word word() noexcept {
        Word word;
        std::size_t i = 0;
        for (; i < rest_.size() && !ends_word(rest_[i]); ++i) {
            const char c = rest_[i];
            if (const std::size_t nothing = expands_to_nothing(rest_.substr(i)); nothing > 0) {
                word.hidden = true;
                i += nothing - 1;
            } else if (is_quote(c) || c == '\\' || c == '^') {
                word.hidden =
                    word.hidden || (word.size > 0 && i + 1 < rest_.size() && is_word(rest_[i + 1]));
            } else if (c == '/') {
                word.path = true;
                word.size = 0;
            } else if (c == '$') {
                break;  // $IFS, or the value of a variable
            } else if (word.size == word.letters.size()) {
                return {};
            } else {
                word.letters[word.size++] = lower(c);
            }
        }
        rest_.remove_prefix(i);
        for (const std::string_view end : {".exe", ".com", ".bat", ".cmd"}) {
            if (word.text().ends_with(end)) word.size -= end.size();
        }
        return word;
    }

    [[nodiscard]] Argument argument() noexcept {
        bool apart = false;
        while (!rest_.empty() && (is_space(rest_[0]) || is_quote(rest_[0]))) {
            apart = apart || is_space(rest_[0]);
            rest_.remove_prefix(1);
        }
        if (rest_.empty() || rest_[0] == '#') return Argument::none;
        // "Task<void>" is no redirection.
        if (rest_[0] == '<' || rest_[0] == '>') return apart ? Argument::option : Argument::word;
        // "| curl | a program |" is a table.
        if (rest_[0] == '|' && apart) return Argument::word;
        if (ends_word(rest_[0])) return Argument::none;
        if (!apart && rest_[0] != '$') return Argument::word;
        if (is_option()) return Argument::option;
        // "git clone -q", "docker run --rm"
        std::size_t i = 0;
        while (i < rest_.size() && (is_word(rest_[i]) || rest_[i] == '-')) ++i;
        while (i < rest_.size() && is_space(rest_[i])) ++i;
        rest_.remove_prefix(i);
        return i > 0 && rest_.size() > 1 && rest_[0] == '-' && is_option() ? Argument::option
                                                                           : Argument::word;
    }

private:
    void skip_blanks() noexcept {
        while (!rest_.empty() && is_space(rest_[0])) rest_.remove_prefix(1);
    }

    /// $@, $*, ${x}, $1, '' and "" are nothing within a word; `text` begins with it.
    [[nodiscard]] static std::size_t expands_to_nothing(std::string_view text) noexcept {
        if (text.starts_with("$@") || text.starts_with("$*")) return 2;
        if (text.starts_with("''") || text.starts_with("\"\"")) return 2;
        if (text.size() > 1 && text[0] == '$' && is_digit(text[1])) return 2;
        if (text.starts_with("${") && !text.starts_with("${IFS") && !text.starts_with("${ifs")) {
            const std::size_t end = text.substr(0, 16).find('}');
            return end == std::string_view::npos ? 0 : end + 1;
        }
        return 0;
    }

    /// Nobody writes in a sentence what begins so.
    [[nodiscard]] bool is_option() const noexcept {
        const char c = rest_[0];
        const char next = rest_.size() > 1 ? rest_[1] : '\0';
        const char third = rest_.size() > 2 ? rest_[2] : '\0';
        if (c == '-') return is_letter(next) || (next == '-' && is_letter(third));
        if (c == '/') return is_word(next) || next == '?' || next == '*' || next == '.';
        if (c == '$') return is_letter(next) || next == '{' || next == '(' || next == '@';
        if (c == '~') return next == '/';
        if (c == '.') return next == '/' || (next == '.' && third == '/');
        if (c == '*') return next == '\0' || next == '.' || ends_word(next);
        if (c == '%') return is_letter(next);
        if (is_letter(c) && next == ':' && third == '\\') return true;
        // An address of a host: http://…, 10.0.0.1
        std::size_t i = 0;
        while (i < rest_.size() && i < 8 && is_letter(rest_[i])) ++i;
        if (i > 2 && rest_.substr(i).starts_with("://")) return true;
        int dots = 0;
        for (i = 0; i < rest_.size() && (is_digit(rest_[i]) || rest_[i] == '.'); ++i) {
            dots += rest_[i] == '.' ? 1 : 0;
        }
        return dots == 3 && is_digit(c);
    }

    std::string_view rest_;
};

bool runs(std::string_view text, bool alone, Budget& budget) {
    Line line{text.substr(0, kLongestLine)};
    line.skip_separators();
    for (int i = 0; i < kMostRunners; ++i) {
        line.skip_assignments();
        const Word word = line.word();
        if (word.size == 0 || !budget.take(48)) return false;
        const ShellWord kind = shell_word(word.text());
        if (kind == ShellWord::none) return false;
        Line after = line;
        const Argument argument = line.argument();
        if (argument == Argument::option) return true;
        if (kind == ShellWord::odd) return true;
        if (!alone && (word.hidden || kind == ShellWord::sure)) return true;
        if (!alone && argument == Argument::none && word.path) return true;
        if (argument == Argument::none || !runs_another(word.text())) return false;
        after.skip_separators();
        line = after;
    }
    return false;
}

}  // namespace

bool is_shell_command(std::string_view text, Budget& budget) {
    return runs(text, false, budget);
}

bool is_command_line(std::string_view text, Budget& budget) {
    return runs(text, true, budget);
}

}  // namespace portico::guard::detail
