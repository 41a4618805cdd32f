// A date that is read must be written as one that reads as the same.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "portico/http/date.hpp"
#include "portico/http/headers.hpp"

namespace {

using namespace portico::http;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const DateTime now = DateTime{} + std::chrono::hours(24 * 365 * 56);
    if (const auto time = parse_date(text, now)) {
        const std::string written = format_date(*time);
        require(written.size() == kDateLength && is_field_value(written));
        require(parse_date(written, now) == *time);
    }
    return 0;
}
