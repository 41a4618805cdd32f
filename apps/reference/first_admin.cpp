#include "first_admin.hpp"

#include <algorithm>
#include <stdexcept>

#include "services/user.hpp"
#include "settings.hpp"

namespace reference {

Task<void> create_first_admin(app::App& app) {
    const Settings& settings = *app.state<Settings>();
    if (!settings.first_admin_username) co_return;

    UserChanges changes(*app.state<UserCache>());
    Session session = app.state<Database>()->session();
    UserRepository users(session);
    const std::string& name = *settings.first_admin_username;
    if (const auto present = co_await users.get_by_username(name)) {
        if (std::ranges::find(present->scopes, Scope::admin) == present->scopes.end()) {
            throw std::runtime_error("first_admin_username: there is a user \"" + name +
                                     "\" who is no admin; nobody is promoted at the start");
        }
        co_return;
    }
    UserService service(users, RefreshTokenRepository(session), *app.state<PasswordHasher>(),
                        app.executors().hashing, changes);
    UserCreate admin;
    try {
        admin = UserCreate{.username = name,
                           .email = Email::parse(*settings.first_admin_email).value(),
                           .password = *settings.first_admin_password};
        co_await service.create_user(std::move(admin), {Scope::read, Scope::write, Scope::admin},
                                     core::system_clock());
    } catch (const HTTPException& error) {
        throw std::runtime_error("first_admin_email: " + error.detail());
    }
    co_await session.commit();
}

}  // namespace reference
