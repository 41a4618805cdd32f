#pragma once

#include <cstdint>
#include <string_view>

namespace portico::auth {

/// Why a token was refused. For logs and tests: a client is told the same for all of them, or it
/// could use the difference to probe.
enum class JwtError : std::uint8_t {
    /// Over a bound: 8 KiB, 8 levels of nesting, 128 members in the objects that are open at once.
    too_large,
    /// Not three parts, not base64url, a header or a payload that is no JSON object.
    malformed,
    /// A member twice in one object (RFC 7519 §4 allows to refuse it): which of the two counts
    /// depends on who reads it.
    duplicate_member,
    /// The header names "none", or an algorithm that the library does not have.
    unsupported_algorithm,
    /// The header names an algorithm that no key of the verifier is bound to: the mark of an
    /// attempt
    /// to have a public key taken for a secret.
    wrong_algorithm,
    /// The header has `crit`: it asks for an extension to be understood (RFC 7515 §4.1.11), and
    /// none is.
    critical_header,
    /// The header's `typ` is not the verifier's: a token made for something else (RFC 8725 §3.11).
    wrong_type,
    /// No key of the verifier made this signature.
    bad_signature,
    /// The time is at or after `exp`, leeway counted.
    expired,
    /// The time is before `nbf`, leeway counted.
    not_yet_valid,
    /// `iat` lies in the future, leeway counted: a clock is wrong, or the token is.
    issued_in_future,
    /// `iss` is missing or is not the verifier's.
    wrong_issuer,
    /// `aud` does not hold the verifier's, or is there where none is expected (RFC 7519 §4.1.3).
    wrong_audience,
    /// There is no `exp`: the token would live for ever.
    missing_expiry,
    /// A registered claim of the wrong type, or claims that the program's struct does not accept.
    bad_claims,
};

/// "the token has expired"
[[nodiscard]] std::string_view describe(JwtError error) noexcept;

}  // namespace portico::auth
