#pragma once

#include <portico/portico.hpp>

namespace reference {

using namespace portico;

/// What the API offers, one router a file.
[[nodiscard]] Router auth_router();
[[nodiscard]] Router users_router();
[[nodiscard]] Router admin_router();
[[nodiscard]] Router bans_router();
[[nodiscard]] Router items_router();
[[nodiscard]] Router operations_router();

}  // namespace reference
