#include "portico/db/listener.hpp"

#include <utility>

#include "portico/db/error.hpp"

namespace portico::db {

std::unique_ptr<Listening> Driver::listen(core::Reactor&, ListenerOptions) {
    return nullptr;
}

Listener::Listener(const Database& database, core::Reactor& reactor, ListenerOptions options)
    : listening_(database.driver().listen(reactor, std::move(options))) {
    if (!listening_) {
        throw Error(Error::Kind::statement, "this database has no notifications: PostgreSQL has");
    }
}

Listener::~Listener() = default;

}  // namespace portico::db
