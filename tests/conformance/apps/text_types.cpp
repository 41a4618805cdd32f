#include "tests/conformance/apps/apps.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace portico::conformance {
namespace {

enum class Direction { up, down };

/// A type as the whole JSON body and as the query parameter `v`; the answer is the value.
template <class T, auto... Constraints>
void typed(App& app, const std::string& path) {
    app.post(path, [](Body<T, "", Constraints...> value) -> T { return *value; });
    app.get(path, [](Query<T, "v", Constraints...> value) -> T { return *value; });
}

}  // namespace

AppPointer make_text_types() {
    auto made = std::make_unique<App>(AppOptions{.title = "text_types"});
    App& app = *made;
    typed<Literal<"asc", "desc">>(app, "/literal");
    typed<Literal<"only">>(app, "/constant");
    typed<Bytes, min_length(2), max_length(4)>(app, "/bytes");
    typed<Base64Bytes>(app, "/base64");
    typed<Base64UrlBytes>(app, "/base64url");
    typed<IPv4Address>(app, "/ipv4");
    typed<IPv6Address>(app, "/ipv6");
    typed<IPvAnyAddress>(app, "/ip");
    typed<IPv4Network>(app, "/ipv4-network");
    typed<IPv6Network>(app, "/ipv6-network");
    typed<IPvAnyNetwork>(app, "/network");
    typed<AnyUrl>(app, "/url");
    typed<HttpUrl>(app, "/http-url");
    typed<WebsocketUrl>(app, "/websocket-url");
    typed<PostgresDsn>(app, "/postgres");
    typed<RedisDsn>(app, "/redis");
    typed<Uuid4>(app, "/uuid4");
    typed<std::int64_t, gt(0)>(app, "/positive");
    typed<NonNegativeFloat>(app, "/non-negative-float");
    typed<NegativeFloat>(app, "/negative-float");
    typed<std::string, strip_whitespace, min_length(2)>(app, "/stripped");
    typed<std::string, to_lower, max_length(3)>(app, "/lower");
    typed<std::string, to_upper, pattern("^[a-z]+$")>(app, "/upper");
    typed<std::vector<IPvAnyAddress>>(app, "/ip-list");
    typed<IPv4Interface>(app, "/ipv4-interface");
    typed<IPv6Interface>(app, "/ipv6-interface");
    typed<IPvAnyInterface>(app, "/interface");
    typed<ByteSize>(app, "/byte-size");
    typed<ByteSize, ge(1), le(ByteSize::kMiB)>(app, "/small");
    typed<SecretString, min_length(4)>(app, "/secret");
    typed<Secret<Annotated<std::int64_t, gt(0)>>>(app, "/secret-number");
    typed<Literal<1, 2>>(app, "/literal-number");
    typed<Literal<Direction::up>>(app, "/literal-member");
    return made;
}

}  // namespace portico::conformance
