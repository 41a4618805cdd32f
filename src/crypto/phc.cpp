#include "crypto/phc.hpp"

#include <charconv>

#include "portico/crypto/base64.hpp"

namespace portico::crypto {

namespace {

/// Takes `prefix` off the front.
bool take(std::string_view& text, std::string_view prefix) noexcept {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// Takes a decimal number without sign or leading zeros off the front.
std::optional<std::uint32_t> take_number(std::string_view& text) noexcept {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || (text.front() == '0' && end != text.data() + 1)) return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

constexpr bool within(std::uint32_t value, std::uint32_t least, std::uint32_t most) noexcept {
    return least <= value && value <= most;
}

std::optional<std::string> decode_part(std::string_view text, std::size_t least) {
    constexpr std::size_t kMostBytes = 64;
    if (text.size() > kMostBytes * 2) return {};
    auto bytes = base64_decode_unpadded(text);
    if (!bytes || bytes->size() < least || bytes->size() > kMostBytes) return {};
    return bytes;
}

constexpr std::string_view name_of(Phc::Variant variant) noexcept {
    switch (variant) {
        case Phc::Variant::argon2d:
            return "argon2d";
        case Phc::Variant::argon2i:
            return "argon2i";
        case Phc::Variant::argon2id:
            break;
    }
    return "argon2id";
}

}  // namespace

std::optional<Phc> parse_phc(std::string_view text) {
    Phc phc;
    if (take(text, "$argon2id$")) {
        phc.variant = Phc::Variant::argon2id;
    } else if (take(text, "$argon2i$")) {
        phc.variant = Phc::Variant::argon2i;
    } else if (take(text, "$argon2d$")) {
        phc.variant = Phc::Variant::argon2d;
    } else {
        return {};
    }

    phc.version = 16;  // what hashes from before the version was written are
    if (take(text, "v=")) {
        const auto version = take_number(text);
        if (!version || (*version != 16 && *version != 19) || !take(text, "$")) return {};
        phc.version = *version;
    }
    const auto number = [&](std::string_view name) -> std::optional<std::uint32_t> {
        if (!take(text, name)) return {};
        return take_number(text);
    };
    const auto memory = number("m=");
    if (!memory) return {};
    const auto passes = number(",t=");
    if (!passes) return {};
    const auto lanes = number(",p=");
    if (!lanes || !take(text, "$")) return {};
    if (!within(*lanes, 1, 64) || !within(*passes, 1, 64) ||
        !within(*memory, 8 * *lanes, 1U << 20)) {
        return {};
    }
    phc.cost = {.memory_kib = *memory, .passes = *passes, .lanes = *lanes};

    const auto dollar = text.find('$');
    if (dollar == std::string_view::npos) return {};
    auto salt = decode_part(text.substr(0, dollar), 8);
    auto hash = decode_part(text.substr(dollar + 1), 12);
    if (!salt || !hash) return {};
    phc.salt = *std::move(salt);
    phc.hash = *std::move(hash);
    return phc;
}

std::string format_phc(const Phc& phc) {
    std::string text = "$";
    text.append(name_of(phc.variant)).append("$v=").append(std::to_string(phc.version));
    text.append("$m=").append(std::to_string(phc.cost.memory_kib));
    text.append(",t=").append(std::to_string(phc.cost.passes));
    text.append(",p=").append(std::to_string(phc.cost.lanes));
    text.append("$").append(base64_encode_unpadded(phc.salt));
    text.append("$").append(base64_encode_unpadded(phc.hash));
    return text;
}

}  // namespace portico::crypto
