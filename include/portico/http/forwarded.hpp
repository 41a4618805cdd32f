#pragma once

#include <cstdint>

#include "portico/http/cidr.hpp"
#include "portico/http/request.hpp"

namespace portico::http {

/// Which fields carry what a proxy says. A proxy sets or removes its own kind and passes the other
/// kind on as the client sent it: with the wrong kind, clients choose their address themselves.
enum class ForwardingFields : std::uint8_t {
    automatic,    ///< `X-Forwarded-For/-Proto/-Host` when the first is there; else `Forwarded`.
    x_forwarded,  ///< `X-Forwarded-*` alone.
    forwarded,    ///< `Forwarded` (RFC 7239) alone.
};

/// Believes trusted proxies: sets `client()`, `scheme()` and `host()` to what the outermost trusted
/// proxy says of the client. Does nothing when the peer is not trusted.
///
/// The list of addresses is read from the right, because the left is what a client may write.
/// Trusted addresses are passed over; the first other one is the client. An entry that is no
/// address
/// ("unknown", "_hidden", malformed) ends the reading: the last trusted hop counts as the client.
/// Ports, brackets and zone ids of entries are dropped. A scheme other than http and https, or a
/// malformed host, is ignored. Never allocates.
///
/// With `automatic`, proxies that speak `Forwarded` must remove `X-Forwarded-For`.
void apply_forwarded(Request& request, const CidrSet& trusted,
                     ForwardingFields fields = ForwardingFields::automatic);

/// True when the request carries a forwarding field at all: for the warning that a peer sends them
/// but is not trusted.
[[nodiscard]] bool has_forwarding_fields(const Request& request) noexcept;

}  // namespace portico::http
