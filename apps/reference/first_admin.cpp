#include "first_admin.hpp"

#include <algorithm>
#include <stdexcept>

#include "services/other_instances.hpp"
#include "services/user.hpp"
#include "settings.hpp"

namespace reference {

namespace {

/// False: nobody has the name. Throws when whoever has it is no admin.
Task<bool> is_there(UserRepository& users, const Username& name) {
    const auto present = co_await users.get_by_username(name);
    if (!present) co_return false;
    if (std::ranges::find(present->scopes, Scope::admin) == present->scopes.end()) {
        throw std::runtime_error(
            "first_admin_username: the user \"" + name +
            "\" exists and is no admin, and nobody is promoted at the start; choose another name, "
            "or let an admin grant the scope");
    }
    co_return true;
}

}  // namespace

Task<void> create_first_admin(app::App& app) {
    const Settings& settings = *app.state<Settings>();
    if (!settings.first_admin_username) co_return;

    UserChanges changes(*app.state<UserCache>(), *app.state<OtherInstances>());
    Session session = app.state<Database>()->session();
    UserRepository users(session);
    const Username& name = *settings.first_admin_username;
    if (co_await is_there(users, name)) co_return;
    UserService service(users, RefreshTokenRepository(session), *app.state<PasswordHasher>(),
                        app.executors().hashing, changes);
    std::string refusal;
    try {
        UserCreate admin{.username = name,
                         .email = *settings.first_admin_email,
                         .password = *settings.first_admin_password};
        co_await service.create_user(std::move(admin), {Scope::read, Scope::write, Scope::admin},
                                     core::system_clock());
        co_await session.commit();
        co_return;
    } catch (const HTTPException& error) {
        refusal = error.detail();
    }
    // Another process that starts on the same database may have been faster.
    if (!co_await is_there(users, name)) {
        throw std::runtime_error("first_admin_email: " + refusal);
    }
}

}  // namespace reference
