// A layer that is decoded is never longer than it was, layers come to an end, and ASCII without
// escapes is what it was.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "guard/detection/canonical.hpp"
#include "guard/detection/sql.hpp"

namespace {

using namespace portico::guard::detail;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text(reinterpret_cast<const char*>(data), size);
    std::string out;
    if (!traits(text).has(Traits::kEscape | Traits::kHigh)) require(!decode_layer(text, out));
    for (std::size_t layers = 0; decode_layer(text, out); ++layers) {
        require(out.size() <= text.size());
        require(layers <= size);
        text.swap(out);
    }
    if (decode_base64_text(text, out)) {
        require(out.size() <= text.size() * 3 / 4);
        require(std::ranges::all_of(out, [](char c) { return c >= '\t' && c < 0x7f; }));
    }
    Budget budget(1'000'000);
    (void)sql_from_start(text, budget);
    const std::size_t half = text.size() / 2;
    (void)sql_after_quote(text.substr(0, half), text.substr(half), budget);
    (void)sql_union(text.substr(0, half), text.substr(half), budget);
    (void)sql_stacked(text.substr(0, half), text.substr(half), budget);
    return 0;
}
