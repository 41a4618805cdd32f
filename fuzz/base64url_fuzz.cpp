#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "portico/crypto/base64.hpp"

// What decodes has exactly one spelling; what is encoded comes back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace portico::crypto;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto bytes = base64url_decode(text); bytes && base64url_encode(*bytes) != text) {
        std::abort();
    }
    if (const auto bytes = base64_decode(text); bytes && base64_encode(*bytes) != text) {
        std::abort();
    }
    if (base64url_decode(base64url_encode(text)) != text) std::abort();
    if (base64_decode(base64_encode(text)) != text) std::abort();
    return 0;
}
