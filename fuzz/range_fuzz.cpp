// Whatever is asked for: the parts lie within the representation, do not touch each other, and so
// are never longer than it all together.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "portico/http/range.hpp"

namespace {

using namespace portico::http;

void require(bool holds) {
    if (!holds) std::abort();
}

void check(std::string_view field, std::uint64_t size) {
    auto ranges = parse_range(field, size);
    if (!ranges) return;
    require(ranges->size() <= kMaxRanges);
    std::ranges::sort(*ranges, {}, &ByteRange::offset);
    std::uint64_t end = 0;
    for (const ByteRange& range : *ranges) {
        require(range.size > 0 && range.offset < size && range.size <= size - range.offset);
        require(&range == ranges->data() || range.offset > end);
        end = range.offset + range.size;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view field(reinterpret_cast<const char*>(data), size);
    constexpr std::array<std::uint64_t, 5> kLengths{0, 1, 100, std::uint64_t{1} << 40, UINT64_MAX};
    for (const std::uint64_t length : kLengths) check(field, length);
    return 0;
}
