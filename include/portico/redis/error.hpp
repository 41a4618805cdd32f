#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "portico/core/executor.hpp"

namespace portico::redis {

//  std::exception
//  ├── Error            Redis has answered with an error: answered with 500
//  └── core::Overloaded
//      └── Unavailable  Redis is away, or too much waits for it: answered with 503
//          └── Timeout  no answer in time

/// Redis has refused a command. The message is "SET: OOM command not allowed …": the command's name
/// and what Redis says, never the command's arguments.
class Error : public std::exception {
public:
    /// By the first word of what Redis says.
    enum class Kind : std::uint8_t {
        other,          ///< ERR and all that is not below: the command is wrong.
        wrong_type,     ///< WRONGTYPE: the key holds another type of value.
        no_script,      ///< NOSCRIPT: `Script` recovers from it by itself.
        read_only,      ///< READONLY: a replica, which takes no writes.
        not_permitted,  ///< NOAUTH, WRONGPASS, NOPERM: log-in, or the rights of the user.
        loading,        ///< LOADING, MASTERDOWN: it will answer later.
        busy,           ///< BUSY: a script runs for too long.
        out_of_memory,  ///< OOM: `maxmemory` is reached.
        aborted,        ///< EXECABORT: a transaction was not carried out.
        cluster,  ///< MOVED, ASK, CLUSTERDOWN: a cluster, which this client does not speak to.
        unexpected_reply,  ///< Not Redis: the answer has another type than the caller expects.
    };

    /// What Redis says is cut before the arguments that it repeats, and after 256 bytes.
    Error(std::string_view command, std::string_view said);
    Error(Kind kind, std::string message);

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

private:
    Kind kind_;
    std::string message_;
};

/// The command was not sent, because there is no connection or too much waits already; or the
/// connection was lost before the answer came, when it may have been carried out.
class Unavailable : public core::Overloaded {
public:
    explicit Unavailable(std::string message);
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

private:
    std::string message_;
};

/// The answer did not come in time; the command may have been, or still be carried out.
class Timeout : public Unavailable {
public:
    using Unavailable::Unavailable;
};

}  // namespace portico::redis
