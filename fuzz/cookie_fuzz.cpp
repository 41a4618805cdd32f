// A cookie that can be set must come back from a Cookie field as it was, and nothing that a browser
// could read as another attribute may get into a Set-Cookie field.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "portico/http/cookie.hpp"
#include "portico/http/headers.hpp"

namespace {

using namespace portico::http;

void require(bool holds) {
    if (!holds) std::abort();
}

/// The pieces between newlines, so that the fuzzer can reach every member.
std::string take_line(std::string& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line = text.substr(0, end);
    text.erase(0, end + 1);
    return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text(reinterpret_cast<const char*>(data), size);
    std::vector<NameValue> pairs;
    parse_cookies(text, pairs);
    require(pairs.size() <= kMaxCookies);
    for (const auto& [name, value] : pairs) {
        require(!name.empty() && name.find_first_of("=;") == std::string_view::npos);
        require(value.find(';') == std::string_view::npos);
    }

    Cookie cookie{.name = take_line(text), .value = take_line(text)};
    cookie.path = take_line(text);
    cookie.domain = take_line(text);
    cookie.secure = !text.empty();
    try {
        const std::string field = cookie.to_string();
        require(is_field_value(field));
        // Path, SameSite, HttpOnly; Domain and Secure where they are set.
        const auto semicolons = std::ranges::count(field, ';');
        require(semicolons == 3 + (cookie.domain.empty() ? 0 : 1) + (cookie.secure ? 1 : 0));
        std::vector<NameValue> back;
        const std::string sent = cookie.name + "=" + cookie.value;
        parse_cookies(sent, back);
        require(back.size() == 1 && back[0].name == cookie.name && back[0].value == cookie.value);
    } catch (const std::invalid_argument& error) {
        require(std::string_view(error.what()).starts_with("cookie"));
    }
    return 0;
}
