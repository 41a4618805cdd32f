#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <string>

#include "db/postgres/background.hpp"
#include "db/postgres/connect_parameters.hpp"
#include "portico/core/reactor.hpp"

namespace portico::db::postgres {

/// Makes one connection on a loop, without blocking it. Given up by destroying it.
class Dial {
public:
    using Outcome = std::expected<Handle, std::string>;  ///< Or why not, without the password.
    using Done = std::move_only_function<void(Outcome)>;

    /// `done` is called once, on the loop and never from here; it may destroy the dial.
    Dial(core::Reactor& reactor, const ConnectParameters& parameters,
         std::chrono::milliseconds timeout, Background& background, Done done);
    ~Dial();
    Dial(const Dial&) = delete;
    Dial& operator=(const Dial&) = delete;

private:
    void begin();
    void start(const std::vector<Host>& hosts);
    void poll();
    void wait(int descriptor, core::Reactor::Interest interest, void (Dial::*then)());
    void looked_up();
    void forget() noexcept;
    void end(Outcome outcome);

    core::Reactor& reactor_;
    const ConnectParameters& parameters_;
    Background& background_;
    Done done_;
    core::Reactor::TimerId begin_;
    core::Reactor::TimerId limit_;
    std::shared_ptr<Lookup> lookup_;
    Handle handle_;
    int waits_for_ = -1;
};

}  // namespace portico::db::postgres
