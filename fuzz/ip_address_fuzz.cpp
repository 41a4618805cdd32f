// Every address and block that is read must be written in one form that reads as the same.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "portico/http/cidr.hpp"

namespace {

using namespace portico::http;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto address = IpAddress::parse(text)) {
        const std::string written = address->to_string();
        require(written.size() <= IpAddress::kMaxText && IpAddress::parse(written) == address);
        require(address->prefix(address->bits()) == *address);
        require(Cidr::parse(text).has_value());
        // One address that is written both ways is one address.
        if (address->is_v4()) require(IpAddress::parse("::ffff:" + written) == address);
    }
    const auto block = Cidr::parse(text);
    if (!block) {
        require(!describe(block.error()).empty());
        return 0;
    }
    require(Cidr::parse(block->to_string()) == *block);
    require(block->contains(block->network()) && CidrSet({*block}).contains(block->network()));
    require(block->network().prefix(block->length()) == block->network());
    return 0;
}
