// What a shared store gives is read only as it was written, and never as more than it is.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cache/kept_response_codec.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto response = portico::cache::decode(bytes, "g");
    if (!response) return 0;
    require(response->status == 0 || (response->status >= 200 && response->status <= 599));
    for (const auto field : response->headers) {
        require(portico::http::is_token(field.name) && portico::http::is_field_value(field.value));
    }
    require(portico::cache::encode(*response, "g") == bytes);
    require(portico::cache::decode(bytes, "another") == nullptr);
    return 0;
}
