#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <portico/portico.hpp>

namespace reference {

using namespace portico;

struct BanCreate {
    Annotated<IPvAnyAddress, description("Of IPv6 the whole /64 network is banned")> address;
    Annotated<std::optional<std::int64_t>, ge(1), le(2592000),
              description("Seconds; otherwise as the client's history asks")>
        duration = empty;
    Annotated<std::string, min_length(1), max_length(200)> reason = "by an administrator";
};

struct BanPublic {
    /// Of IPv6 the first address of its /64 network.
    IPvAnyAddress address;
    DateTime since;
    DateTime until;
    std::int64_t times;
    std::string reason;
};

}  // namespace reference
