// What is read as a URL is within its rules, and no message holds the password.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "portico/redis/url.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto url = portico::redis::Url::parse(text);
    if (!url) {
        require(!url.error().empty());
        return 0;
    }
    require(url->socket.empty() != url->hosts.empty());
    require(url->socket.size() <= 107 && url->socket.find('\0') == url->socket.npos);
    require(url->hosts.size() <= 32);
    for (const auto& host : url->hosts) require(!host.name.empty() && host.port != 0);
    require(url->master.empty() || url->socket.empty());
    const auto again = portico::redis::Url::parse(url->describe());
    if (url->master.empty() && url->socket.find_first_of("%?#@") == url->socket.npos) {
        require(again && again->hosts == url->hosts && again->socket == url->socket);
    }
    return 0;
}
