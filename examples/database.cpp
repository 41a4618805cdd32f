// A table as a model, a session for each request, SQL migrations, and what a constraint refused.
// See docs/db.md. The database is ./users.db.
#include <iostream>

#include <portico/db.hpp>
#include <portico/portico.hpp>
using namespace portico;

// A larger program keeps these as files and embeds them: portico_migrations() in CMake.
constexpr db::Migration kMigrations[] = {
    {1, "create_users", R"(CREATE TABLE users (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        username TEXT NOT NULL UNIQUE COLLATE NOCASE,
        email TEXT NOT NULL UNIQUE COLLATE NOCASE
    ))"},
    {2, "add_disabled", "ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0"},
};

struct User {
    static constexpr auto table = db::Table{"users"};

    Annotated<std::int64_t, primary_key> id = 0;  // 0: given by the database
    Annotated<std::string, unique(nocase)> username;
    Annotated<Email, unique(nocase)> email;
    bool disabled = false;
};

struct UserCreate {
    Annotated<std::string, min_length(3), max_length(50)> username;
    Email email;
};
struct UserUpdate {
    Email email;
    bool disabled;
};

class UserRepository : public db::Repository<User> {
public:
    using Repository::Repository;

    Task<std::vector<User>> enabled(std::int64_t after, int limit) {
        return query()
            .where(db::column<&User::disabled> == false && db::column<&User::id> > after)
            .order_by(&User::id)
            .limit(limit)
            .all();
    }
};

// Commits before the response is sent; rolls back when the handler throws.
Session get_session(State<Database> database) {
    return database->session();
}
UserRepository get_users(Depends<get_session> session) {
    return UserRepository(*session);
}

int main(int argc, char** argv) {
    auto database = Database::open({.url = "sqlite:///./users.db"});
    if (!database) {
        std::cerr << database.error().what() << "\n";
        return 1;
    }
    if (auto ready = db::Migrations(kMigrations).prepare(*database, true); !ready) {
        std::cerr << ready.error().what() << "\n";
        return 1;
    }

    App app{{.title = "Users"}};
    app.state(*std::move(database));

    app.post("/users", [](UserCreate user, Depends<get_users> users) -> Task<Created<User>> {
        auto created = co_await users->try_create({.username = user.username, .email = user.email});
        if (created) co_return *std::move(created);
        // Of two requests that race for a name, the database decides.
        throw HTTPException(400, created.error().violates("email") ? "Email already registered"
                                                                   : "Username already registered");
    });
    app.get("/users", [](Query<std::int64_t, "after", default_value(0)> after,
                         Query<int, "limit", ge(1), le(100), default_value(20)> limit,
                         Depends<get_users> users) { return users->enabled(*after, *limit); });
    app.patch("/users/{user_id}",
              [](Path<std::int64_t, "user_id"> id, Partial<UserUpdate> changes,
                 Depends<get_users> users) -> Task<std::optional<User>> {
                  return users->update(*id, std::move(changes));
              });
    app.delete_("/users/{user_id}",
                [](Path<std::int64_t, "user_id"> id, Depends<get_users> users) -> Task<NoContent> {
                    if (!co_await users->remove(*id)) throw NotFoundError("User", *id);
                    co_return NoContent{};
                });
    return run(app, argc, argv);
}
