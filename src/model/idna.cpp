#include "model/idna.hpp"

#include <idn2.h>

#include <memory>

#include "model/scanner.hpp"

namespace portico::model {
namespace {

// RFC 1035 §2.3.4 has 255 bytes; a code point of four bytes needs at least one of them.
constexpr std::size_t kMostBytes = std::size_t{255} * 4;

struct Free {
    void operator()(void* text) const noexcept { idn2_free(text); }
};

}  // namespace

std::optional<std::string> ascii_host(std::string_view host) {
    if (host.size() > kMostBytes || find_invalid_utf8(host) != host.npos ||
        host.find('\0') != host.npos) {
        return {};
    }
    const std::string text(host);
    std::uint8_t* out = nullptr;
    const int result = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(text.c_str()), &out,
                                      IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    const std::unique_ptr<std::uint8_t, Free> owned(out);
    if (result != IDN2_OK) return {};
    return std::string(reinterpret_cast<const char*>(out));
}

}  // namespace portico::model
