#pragma once

/// Log-in: tokens, passwords, security schemes, throttling, in `portico::auth` and
/// `portico::crypto`.
#include "portico/auth/jwt.hpp"
#include "portico/auth/login_throttle.hpp"
#include "portico/auth/oauth2_form.hpp"
#include "portico/auth/password_policy.hpp"
#include "portico/auth/refresh_tokens.hpp"
#include "portico/auth/refusals.hpp"
#include "portico/auth/revocation_cache.hpp"
#include "portico/auth/schemes.hpp"
#include "portico/crypto/hash.hpp"
#include "portico/crypto/password_hasher.hpp"
#include "portico/crypto/random.hpp"

namespace portico {

using auth::OAuth2PasswordBearer;
using auth::OAuth2PasswordRequestForm;
using crypto::PasswordHasher;

}  // namespace portico
