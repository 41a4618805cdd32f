// What a URL is parsed into must be parsed into the same again, and text from strangers must come
// out of the encoders in an alphabet that no header or link can be broken with.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "portico/http/response.hpp"
#include "portico/http/url.hpp"

namespace {

using namespace portico::http;

void require(bool holds) {
    if (!holds) std::abort();
}

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto url = Url::parse(text)) {
        const auto again = Url::parse(url->to_string());
        require(again && again->to_string() == url->to_string() &&
                again->origin() == url->origin());
        require(is_printable(url->to_string()));
        require(Url::parse(url->origin()).has_value());
        require(parse_host_port(url->host).has_value());
    } else {
        require(!describe(url.error()).empty());
    }
    if (const auto host = parse_host_port(text)) require(text.starts_with(host->host));
    for (const UrlPart part : {UrlPart::component, UrlPart::path, UrlPart::query}) {
        const std::string encoded = percent_encode(text, part);
        require(is_printable(encoded) && percent_decode(encoded) == text);
    }
    static_cast<void>(percent_decode(text));
    const Response response = redirect(text);
    require(response.headers.size() == 1 && is_printable(response.headers[0].value));
    return 0;
}
