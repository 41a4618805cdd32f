#include "portico/http/utf8.hpp"

#include <cstring>

namespace portico::http {

bool Utf8Validator::begin(unsigned char lead) noexcept {
    low_ = 0x80;
    high_ = 0xBF;
    if (lead < 0x80) return true;
    if (lead < 0xC2 || lead > 0xF4) return false;
    left_ = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    if (lead == 0xE0) low_ = 0xA0;
    if (lead == 0xED) high_ = 0x9F;
    if (lead == 0xF0) low_ = 0x90;
    if (lead == 0xF4) high_ = 0x8F;
    return true;
}

bool Utf8Validator::feed(std::string_view piece) noexcept {
    const char* at = piece.data();
    const char* const end = at + piece.size();
    while (at != end) {
        if (left_ == 0) {
            std::uint64_t eight = 0;
            while (end - at >= 8) {
                std::memcpy(&eight, at, 8);
                if ((eight & 0x8080808080808080U) != 0) break;
                at += 8;
            }
            if (at == end) break;
            if (!begin(static_cast<unsigned char>(*at++))) return false;
            continue;
        }
        const auto byte = static_cast<unsigned char>(*at++);
        if (byte < low_ || byte > high_) return false;
        low_ = 0x80;
        high_ = 0xBF;
        --left_;
    }
    return true;
}

}  // namespace portico::http
