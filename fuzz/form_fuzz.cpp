// Decoding must stay within its bounds, and a form that holds no escapes must hold its own bytes.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "portico/http/form.hpp"
#include "portico/http/request.hpp"

namespace {

using namespace portico;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    core::Arena arena;
    constexpr http::FormLimits kLimits{.max_fields = 20, .max_field_size = 200};
    const auto pairs = http::parse_form(text, arena, kLimits);
    if (pairs) {
        require(pairs->size() <= kLimits.max_fields);
        std::size_t bytes = 0;
        for (const auto& [name, value] : *pairs) bytes += name.size() + value.size();
        require(bytes <= text.size());
    } else {
        require(!pairs.error().detail.empty());
    }

    http::Request request(arena);
    if (request.set_target(text)) {
        require(request.path().find('\0') == std::string_view::npos);
        require(request.path().size() <= request.raw_path().size());
        require(request.query_params().size() <= http::kMaxQueryPairs);
        if (text.find('%') == std::string::npos) require(request.path() == request.raw_path());
    }
    return 0;
}
