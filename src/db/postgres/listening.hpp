#pragma once

#include <memory>
#include <string>

#include "db/postgres/dial.hpp"
#include "db/postgres/handle.hpp"
#include "db/postgres/server.hpp"
#include "portico/core/reactor.hpp"
#include "portico/db/listener.hpp"

namespace portico::db::postgres {

/// The connection of one `Listener`. On its loop's thread alone.
class ListeningConnection final : public Listening {
public:
    ListeningConnection(const Server& server, core::Reactor& reactor, ListenerOptions options);
    ~ListeningConnection() override;
    ListeningConnection(const ListeningConnection&) = delete;
    ListeningConnection& operator=(const ListeningConnection&) = delete;

private:
    void dial();
    void dialled(Dial::Outcome outcome);
    void ask(const std::string& sql);
    void wait();
    void on_readable();
    [[nodiscard]] bool read_answers();
    void check_later();
    void check();
    void lose();

    const Server& server_;
    core::Reactor& reactor_;
    ListenerOptions options_;
    std::string listen_;  // the statements that begin it
    std::unique_ptr<Dial> dial_;
    Handle handle_;
    core::Reactor::TimerId timer_ = 0;
    bool listens_ = false;
    bool asked_ = false;  // an answer is to come
    int failures_ = 0;
};

}  // namespace portico::db::postgres
