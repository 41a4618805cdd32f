// A head is complete or malformed as soon as its own bytes say so, whatever follows them.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/proxy_protocol.hpp"

namespace {

using namespace portico::net;
using Status = ProxyHead::Status;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const ProxyHead head = read_proxy_head(bytes);
    if (head.status == Status::need_more) {
        require(size < kLongestProxyHead);
        return 0;
    }
    const ProxyHead longer = read_proxy_head(std::string(bytes) + "GET / HTTP/1.1\r\n");
    require(longer.status == head.status && longer.size == head.size &&
            longer.client == head.client);
    if (head.status == Status::malformed) return 0;
    require(head.size > 0 && head.size <= size && head.size <= kLongestProxyHead);
    require(read_proxy_head(bytes.substr(0, head.size)).client == head.client);
    require(read_proxy_head(bytes.substr(0, head.size - 1)).status == Status::need_more);
    return 0;
}
