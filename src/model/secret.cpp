#include "portico/model/secret.hpp"

#include <algorithm>

#include "model/scalars.hpp"

namespace portico::model::detail {

void wipe(void* at, std::size_t size) noexcept {
    auto* const bytes = static_cast<volatile unsigned char*>(at);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = 0;
}

void wipe(std::string& text) noexcept {
    wipe(text.data(), text.capacity());
    text.clear();
}

bool read_secret(Slot slot, std::string_view text, bool is_number, void* out, TextFault& fault) {
    const Scalar input{.kind = is_number ? Scalar::Kind::number : Scalar::Kind::string,
                       .text = text,
                       .number = {.integral = text.find_first_of(".eE") == text.npos}};
    bool inexact = false;
    if (!read_scalar(slot, input, out, false, inexact, fault)) {
        // "…, invalid character: found `x` at 3" would tell a part of it.
        if (fault.ctx.starts_with(R"({"error":)") || fault.ctx.starts_with(R"({"reason":)")) {
            fault.msg.resize(std::min(fault.msg.find_first_of(",:"), fault.msg.size()));
            fault.ctx.clear();
        }
        return false;
    }
    return slot.annotations == nullptr || slot.annotations->check == nullptr ||
           run_check(slot, out, fault);
}

}  // namespace portico::model::detail
