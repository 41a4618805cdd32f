#include "portico/settings/dotenv.hpp"

#include <algorithm>
#include <utility>

namespace portico::settings {
namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_name_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           c == '.' || c == '-';
}

class Parser {
public:
    explicit Parser(std::string_view text) : left_(text) {}

    Dotenv run() {
        if (left_.size() > kMostDotenvBytes) {
            refuse("the file is larger than 1 MiB");
            return std::move(read_);
        }
        if (const auto nul = left_.find('\0'); nul != std::string_view::npos) {
            line_ += static_cast<std::size_t>(std::ranges::count(left_.substr(0, nul), '\n'));
            refuse("a NUL byte: this is no text file");
            return std::move(read_);
        }
        if (left_.starts_with("\xef\xbb\xbf")) left_.remove_prefix(3);
        for (;;) {
            skip_blank_lines_and_comments();
            if (left_.empty()) return std::move(read_);
            if (!read_assignment()) skip_line();
        }
    }

private:
    bool refuse(std::string message) {
        read_.errors.push_back({line_, std::move(message)});
        return false;
    }
    // Where the text would go on is anybody's guess.
    bool refuse_rest(std::string message) {
        left_ = {};
        return refuse(std::move(message));
    }

    char peek() const noexcept { return left_.empty() ? '\n' : left_.front(); }
    bool at_line_end() const noexcept {
        return left_.empty() || left_.front() == '\n' || left_.starts_with("\r\n");
    }
    bool skip_spaces() {
        const auto before = left_.size();
        while (!left_.empty() && (left_.front() == ' ' || left_.front() == '\t')) {
            left_.remove_prefix(1);
        }
        return left_.size() != before;
    }
    void skip_line() {
        const auto end = left_.find('\n');
        if (end == std::string_view::npos) {
            left_ = {};
        } else {
            left_.remove_prefix(end + 1);
            ++line_;
        }
    }
    void skip_blank_lines_and_comments() {
        while (!left_.empty()) {
            skip_spaces();
            if (!at_line_end() && peek() != '#') return;
            skip_line();
        }
    }
    std::string_view take_name() {
        const auto end = std::ranges::find_if_not(left_, is_name_char);
        const auto name = left_.substr(0, static_cast<std::size_t>(end - left_.begin()));
        left_.remove_prefix(name.size());
        return name;
    }

    bool read_assignment() {
        std::string_view name = take_name();
        if (name == "export" && skip_spaces() && peek() != '=') name = take_name();
        if (name.empty() || is_digit(name.front())) return refuse("expected NAME=value");
        const std::size_t line = line_;
        skip_spaces();
        if (peek() != '=') return refuse("expected NAME=value");
        left_.remove_prefix(1);
        const bool spaced = skip_spaces();

        std::string value;
        const char first = peek();
        if (first == '"' || first == '\'') {
            left_.remove_prefix(1);
            if (!(first == '"' ? read_double_quoted(value) : read_single_quoted(value)))
                return false;
            const bool space_after = skip_spaces();
            if (!at_line_end() && (peek() != '#' || !space_after)) {
                return refuse("expected the end of the line after the closing quote");
            }
            skip_line();
        } else {
            value = take_plain(spaced);
        }
        read_.entries.push_back({std::string(name), std::move(value), line});
        return true;
    }

    std::string take_plain(bool after_space) {
        std::string_view value = left_.substr(0, left_.find('\n'));
        skip_line();
        for (std::size_t i = 0; i < value.size(); ++i) {
            const bool space = i == 0 ? after_space : value[i - 1] == ' ' || value[i - 1] == '\t';
            if (value[i] == '#' && space) {
                value = value.substr(0, i);
                break;
            }
        }
        const auto last = value.find_last_not_of(" \t\r");
        return std::string(value.substr(0, last + 1));
    }

    bool read_single_quoted(std::string& value) {
        const auto end = left_.find('\'');
        if (end == std::string_view::npos) return refuse_rest("the quote ' is not closed");
        value = left_.substr(0, end);
        line_ += static_cast<std::size_t>(std::ranges::count(value, '\n'));
        left_.remove_prefix(end + 1);
        return true;
    }

    bool read_double_quoted(std::string& value) {
        const std::size_t opened = line_;
        for (;;) {
            const auto run = left_.find_first_of("\"\\\n");
            if (run == std::string_view::npos) {
                line_ = opened;
                return refuse_rest("the quote \" is not closed");
            }
            value += left_.substr(0, run);
            const char found = left_[run];
            left_.remove_prefix(run + 1);
            if (found == '"') return true;
            if (found == '\n') {
                ++line_;
                value += '\n';
            } else if (!read_escape(value)) {
                return false;
            }
        }
    }

    bool read_escape(std::string& value) {
        static constexpr std::pair<char, char> kEscapes[]{{'n', '\n'},  {'r', '\r'}, {'t', '\t'},
                                                          {'\\', '\\'}, {'"', '"'},  {'$', '$'}};
        const char code = left_.empty() ? '\0' : left_.front();
        for (const auto& [name, meant] : kEscapes) {
            if (code != name) continue;
            value += meant;
            left_.remove_prefix(1);
            return true;
        }
        return refuse(R"(an unknown escape: expected \n, \r, \t, \\, \" or \$)");
    }

    std::string_view left_;
    std::size_t line_ = 1;
    Dotenv read_;
};

}  // namespace

Dotenv parse_dotenv(std::string_view text) {
    return Parser(text).run();
}

}  // namespace portico::settings
