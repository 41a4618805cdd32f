#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "portico/crypto/password_hasher.hpp"

namespace portico::crypto {

/// An Argon2 hash as the PHC string format writes it:
/// `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`, both in B64 without padding.
struct Phc {
    enum class Variant : std::uint8_t { argon2d = 0, argon2i = 1, argon2id = 2 };

    Variant variant = Variant::argon2id;
    std::uint32_t version = 19;
    PasswordCost cost;
    std::string salt;  ///< 8–64 bytes.
    std::string hash;  ///< 12–64 bytes.
};

/// Nothing for anything else, or for more than 1 GiB, 64 passes or 64 lanes: a row of the database
/// can't make a log-in take the machine's memory.
[[nodiscard]] std::optional<Phc> parse_phc(std::string_view text);

[[nodiscard]] std::string format_phc(const Phc& phc);

}  // namespace portico::crypto
