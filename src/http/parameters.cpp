#include "http/parameters.hpp"

#include "http/bytes.hpp"

namespace portico::http {

namespace {

void skip_blanks(std::string_view& text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

}  // namespace

std::size_t token_length(std::string_view text) noexcept {
    std::size_t length = 0;
    while (length < text.size() && kTokenBytes.has(text[length])) ++length;
    return length;
}

std::optional<Parameter> ParameterReader::next() noexcept {
    // RFC 9110 §5.6.6: empty parameters are allowed.
    bool separated = false;
    while (true) {
        skip_blanks(rest_);
        if (rest_.empty()) return {};
        if (rest_.front() != ';') break;
        rest_.remove_prefix(1);
        separated = true;
    }
    if (!separated) return fail();

    Parameter parameter;
    const std::size_t name = token_length(rest_);
    // No spaces around the "=".
    if (name == 0 || name == rest_.size() || rest_[name] != '=') return fail();
    parameter.name = rest_.substr(0, name);
    rest_.remove_prefix(name + 1);

    if (!rest_.starts_with('"')) {
        const std::size_t value = token_length(rest_);
        if (value == 0) return fail();
        parameter.value = rest_.substr(0, value);
        rest_.remove_prefix(value);
        return parameter;
    }
    std::size_t at = 1;
    while (at < rest_.size() && rest_[at] != '"') at += rest_[at] == '\\' ? 2 : 1;
    if (at >= rest_.size()) return fail();
    parameter.value = rest_.substr(1, at - 1);
    parameter.quoted = true;
    rest_.remove_prefix(at + 1);
    return parameter;
}

}  // namespace portico::http
