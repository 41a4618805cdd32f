// Media types and the fields that negotiate them: no offer but one of those made, and a parsed type
// is what it was parsed from.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "portico/http/headers.hpp"
#include "portico/http/media_type.hpp"

namespace {

using namespace portico::http;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto type = MediaType::parse(text)) {
        require(is_token(type->type()) && is_token(type->subtype()));
        require(type->matches("*/*"));
        require(type->matches(std::string(type->type()) + "/" + std::string(type->subtype())));
        static_cast<void>(type->is_json());
        if (const auto value = type->parameter("charset")) require(value->size() < text.size());
    }
    constexpr std::array<std::string_view, 3> kTypes = {"application/json", "text/html",
                                                        "text/plain"};
    constexpr std::array<std::string_view, 3> kCodings = {"zstd", "br", "gzip"};
    const auto type = negotiate_media_type(text, kTypes);
    require(!type || *type < kTypes.size());
    const auto coding = negotiate_encoding(text, kCodings);
    require(!coding || *coding < kCodings.size());
    if (names_media_type(text, "text/html")) require(type.has_value());
    return 0;
}
