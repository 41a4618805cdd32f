// Any field is read without a negative time, and what is written of it reads the same.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "portico/http/cache_control.hpp"
#include "portico/http/headers.hpp"

namespace {

using namespace portico::http;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string field(reinterpret_cast<const char*>(data), size);
    const auto control = CacheControl::parse(field);
    for (const auto& time : {control.max_age, control.s_maxage, control.stale_while_revalidate,
                             control.stale_if_error}) {
        require(!time || time->count() >= 0);
    }
    std::string written;
    try {
        written = control.to_string();
    } catch (const std::invalid_argument&) {
        return 0;  // it contradicts itself, or says nothing
    }
    require(is_field_value(written));
    require(CacheControl::parse(written).to_string() == written);
    return 0;
}
