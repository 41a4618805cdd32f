#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "portico/cache/response_store.hpp"

namespace portico::cache {

/// A response as bytes, and of the generation that it belongs to: times in milliseconds, then each
/// text after its length.
[[nodiscard]] std::string encode(const KeptResponse& response, std::string_view generation);

/// Null for bytes that `encode` does not make, and for a response of another generation. The store
/// may be written by others, so what it gives is no more trusted than a peer.
[[nodiscard]] std::shared_ptr<const KeptResponse> decode(std::string_view bytes,
                                                         std::string_view generation);

}  // namespace portico::cache
