// The current tag of a representation is found in any list that it is appended to by rule, and no
// list lets both preconditions through.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "portico/http/etag.hpp"

namespace {

using namespace portico::http;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    // A strong comparison that holds is a weak one too.
    if (if_match_holds(text, "\"current\"")) require(!if_none_match_holds(text, "\"current\""));
    if (const auto tag = EntityTag::parse(text)) {
        require(make_etag(tag->opaque, tag->weak) == text);
        require(!if_none_match_holds(text, text));
        require(if_match_holds(text, text) == !tag->weak);
        const std::string encoded = etag_for_encoding(text, "gzip");
        require(EntityTag::parse(encoded).has_value());
        require(!if_none_match_holds(encoded, text));
        require(if_match_holds(text + ", \"current\"", "\"current\""));
    }
    return 0;
}
