#pragma once

#include <string>

#include "portico/auth/jwt_key.hpp"
#include "portico/crypto/base64.hpp"

namespace portico::auth {

/// The header of the tokens that a signer makes, as it stands in them.
inline std::string jwt_header(Algorithm algorithm) {
    return crypto::base64url_encode(
        std::string(R"({"alg":")").append(name(algorithm)).append(R"(","typ":"JWT"})"));
}

}  // namespace portico::auth
