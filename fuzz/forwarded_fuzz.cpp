// Whatever stands to the left, what a trusted proxy appended decides.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "portico/http/forwarded.hpp"
#include "portico/http/headers.hpp"
#include "portico/http/url.hpp"

namespace {

using namespace portico;

void require(bool holds) {
    if (!holds) std::abort();
}

const http::IpAddress kProxy = http::IpAddress::v4({10, 0, 0, 1});
const http::IpAddress kClient = http::IpAddress::v4({192, 0, 2, 7});
const http::CidrSet kTrusted{{http::Cidr(kProxy)}};

http::IpAddress read(const http::Headers& headers, http::ForwardingFields fields) {
    core::Arena arena;
    http::Request request(arena);
    request.set_peer(kProxy, 1);
    request.set_host("localhost");
    request.mutable_headers() = headers;
    http::apply_forwarded(request, kTrusted, fields);
    require(http::parse_host_port(request.host()).has_value());
    return request.client();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text(reinterpret_cast<const char*>(data), size);
    std::erase_if(text, [](char c) { return !http::is_field_value(std::string("a") + c + "a"); });
    using http::ForwardingFields;
    for (const auto* name :
         {"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded"}) {
        static_cast<void>(
            read({{"X-Forwarded-For", "192.0.2.7"}, {name, text}}, ForwardingFields::automatic));
    }
    static_cast<void>(read({{"X-Forwarded-For", text}}, ForwardingFields::x_forwarded));
    static_cast<void>(read({{"Forwarded", text}}, ForwardingFields::forwarded));
    require(read({{"X-Forwarded-For", text + ", 192.0.2.7"}}, ForwardingFields::x_forwarded) ==
            kClient);
    require(read({{"Forwarded", text + ",for=192.0.2.7"}}, ForwardingFields::forwarded) == kClient);
    require(read({{"Forwarded", text}, {"Forwarded", "for=192.0.2.7;proto=https"}},
                 ForwardingFields::automatic) == kClient);
    return 0;
}
