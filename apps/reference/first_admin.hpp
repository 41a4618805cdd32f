#pragma once

#include <portico/portico.hpp>

namespace reference {

using namespace portico;

/// Creates the admin that the settings name, when the name is free. An admin of that name is left
/// as it is: nobody is promoted, and no password reset, by a restart. Throws, which stops the
/// start, when the name is somebody's who is no admin, or the address is taken.
Task<void> create_first_admin(app::App& app);

}  // namespace reference
