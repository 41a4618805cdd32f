#include "portico/model/uuid.hpp"

namespace portico::model {
namespace {

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

constexpr std::size_t kGroups[] = {8, 4, 4, 4, 12};

std::unexpected<std::string> bad_character(std::string_view text, std::size_t at) {
    std::size_t length = 1;
    while (at + length < text.size() &&
           (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80) {
        ++length;
    }
    return std::unexpected("invalid character: found `" + std::string(text.substr(at, length)) +
                           "` at " + std::to_string(at));
}

bool constrain(const Annotations& annotations, const void* value, detail::TextFault& fault) {
    const Uuid& uuid = *static_cast<const Uuid*>(value);
    // RFC 9562 §4.1: versions are of the variant 10x alone.
    const bool has_version = (uuid.bytes()[8] & 0xC0) == 0x80;
    const int wanted = annotations.uuid_version;
    if (wanted == 0 || (has_version && uuid.version() == wanted)) return true;
    const std::string version = std::to_string(wanted);
    fault = {"uuid_version", "UUID version " + version + " expected",
             R"({"expected_version":)" + version + "}"};
    return false;
}

}  // namespace

std::expected<Uuid, std::string> Uuid::parse(std::string_view text) {
    std::string_view rest = text;
    if (rest.starts_with("urn:uuid:")) {
        rest.remove_prefix(9);
    } else if (rest.starts_with('{') && rest.ends_with('}') && rest.size() > 1) {
        rest = rest.substr(1, rest.size() - 2);
    }
    const auto before = static_cast<std::size_t>(rest.data() - text.data());
    std::size_t group = 0;
    std::size_t in_group = 0;
    std::string wrong_group;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (rest[i] == '-') {
            if (group < 5 && in_group != kGroups[group] && wrong_group.empty()) {
                wrong_group = "invalid group length in group " + std::to_string(group) +
                              ": expected " + std::to_string(kGroups[group]) + ", found " +
                              std::to_string(in_group);
            }
            ++group;
            in_group = 0;
        } else if (hex_digit(rest[i]) < 0) {
            return bad_character(text, before + i);
        } else {
            ++in_group;
        }
    }
    if (group == 0) {
        if (in_group != 32) {
            return std::unexpected("invalid length: expected length 32 for simple format, found " +
                                   std::to_string(in_group));
        }
    } else if (group != 4) {
        return std::unexpected("invalid group count: expected 5, found " +
                               std::to_string(group + 1));
    } else if (!wrong_group.empty()) {
        return std::unexpected(wrong_group);
    } else if (in_group != 12) {
        return std::unexpected("invalid group length in group 4: expected 12, found " +
                               std::to_string(in_group));
    }
    std::array<std::uint8_t, 16> bytes{};
    std::size_t digits = 0;
    for (const char c : rest) {
        if (c == '-') continue;
        std::uint8_t& byte = bytes[digits++ / 2];
        byte = static_cast<std::uint8_t>(byte * 16 + hex_digit(c));
    }
    return Uuid(bytes);
}

std::string Uuid::to_string() const {
    constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += kHex[bytes_[i] >> 4];
        out += kHex[bytes_[i] & 15];
    }
    return out;
}

constinit const detail::TextDetails TypeTraits<Uuid>::kText{
    .parse =
        [](std::string_view text, void* out, detail::TextFault& fault) {
            auto uuid = Uuid::parse(text);
            if (uuid) {
                *static_cast<Uuid*>(out) = *uuid;
                return true;
            }
            fault =
                detail::parse_fault("uuid_parsing", "Input should be a valid UUID, ", uuid.error());
            return false;
        },
    .print = [](const void* value,
                std::string& out) { out += static_cast<const Uuid*>(value)->to_string(); },
    .schema = R"({"type":"string","format":"uuid"})",
    .wrong_type = "uuid_type",
    .wrong_type_msg = "UUID input should be a string, bytes or UUID object",
    .constrain = &constrain,
};

}  // namespace portico::model
