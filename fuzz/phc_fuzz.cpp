#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "crypto/phc.hpp"

// What is accepted stays within its bounds and is read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace portico::crypto;
    const auto phc = parse_phc({reinterpret_cast<const char*>(data), size});
    if (!phc) return 0;
    if (phc->cost.memory_kib > 1U << 20 || phc->cost.passes > 64 || phc->cost.lanes > 64) {
        std::abort();
    }
    if (phc->salt.size() > 64 || phc->hash.size() > 64) std::abort();
    const auto again = parse_phc(format_phc(*phc));
    if (!again || format_phc(*again) != format_phc(*phc)) std::abort();
    return 0;
}
