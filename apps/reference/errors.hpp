#pragma once

#include <portico/portico.hpp>

#include "models/error.hpp"

namespace reference {

using namespace portico;

/// Answers every error, whichever layer made it, as an `ErrorResponse`.
void add_exception_handlers(App& app);

/// 400 `INVALID_SCOPE`: an unknown scope was asked for, or none of those asked for is granted.
class InvalidScopeError : public AppException {
public:
    InvalidScopeError() : AppException(400, "Invalid scope", {}, "INVALID_SCOPE") {}
};

/// 409 `LAST_ADMIN`: the last enabled admin can't be disabled, demoted or deleted.
class LastAdminError : public AppException {
public:
    LastAdminError()
        : AppException(409, "Last admin", "At least one enabled admin must remain", "LAST_ADMIN") {}
};

}  // namespace reference
