#include "portico/auth/jwt_error.hpp"

namespace portico::auth {

std::string_view describe(JwtError error) noexcept {
    switch (error) {
        case JwtError::too_large:
            return "the token is too large";
        case JwtError::malformed:
            return "the token is malformed";
        case JwtError::duplicate_member:
            return "the token has a member twice";
        case JwtError::unsupported_algorithm:
            return "the token's algorithm is not supported";
        case JwtError::wrong_algorithm:
            return "the token's algorithm is not the key's";
        case JwtError::critical_header:
            return "the token asks for an extension";
        case JwtError::wrong_type:
            return "the token is of another type";
        case JwtError::bad_signature:
            return "the token's signature is wrong";
        case JwtError::expired:
            return "the token has expired";
        case JwtError::not_yet_valid:
            return "the token is not valid yet";
        case JwtError::issued_in_future:
            return "the token was issued in the future";
        case JwtError::wrong_issuer:
            return "the token has another issuer";
        case JwtError::wrong_audience:
            return "the token is for another audience";
        case JwtError::missing_expiry:
            return "the token has no expiry";
        case JwtError::bad_claims:
            break;
    }
    return "the token's claims are not what is expected";
}

}  // namespace portico::auth
