#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "portico/redis/argument.hpp"

namespace portico::redis {

class Script;

/// Arguments in a list: `{"key", 7}`, or what a vector of `Argument` holds. Refers to them.
class Arguments {
public:
    // NOLINTBEGIN(google-explicit-constructor)
    Arguments() = default;
    Arguments(std::initializer_list<Argument> list) noexcept
        : arguments_(list.begin(), list.size()) {}
    Arguments(std::span<const Argument> list) noexcept : arguments_(list) {}
    Arguments(const std::vector<Argument>& list) noexcept : arguments_(list) {}
    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] auto begin() const noexcept { return arguments_.begin(); }
    [[nodiscard]] auto end() const noexcept { return arguments_.end(); }
    [[nodiscard]] std::size_t size() const noexcept { return arguments_.size(); }
    [[nodiscard]] std::span<const Argument> span() const noexcept { return arguments_; }

private:
    std::span<const Argument> arguments_;
};

/// Commands that are sent together and answered together. Keeps a copy of what is added.
///
///     redis::Pipeline pipeline;
///     pipeline.add("INCR", key).add("EXPIRE", key, 60);
///     auto replies = co_await client.run(std::move(pipeline));
///     auto count = std::move(replies[0]).as<std::int64_t>();
class Pipeline {
public:
    /// Throws `std::logic_error` for a command that `Client::command` refuses.
    template <class... A>
    Pipeline& add(std::string_view command, const A&... arguments) {
        return add(Arguments{Argument(command), Argument(arguments)...});
    }
    Pipeline& add(Arguments words);
    /// The script must outlive the pipeline's run.
    Pipeline& eval(const Script& script, Arguments keys, Arguments arguments = {});

    [[nodiscard]] std::size_t size() const noexcept { return commands_.size(); }
    [[nodiscard]] bool empty() const noexcept { return commands_.empty(); }

private:
    friend class Client;

    struct Command {
        std::string name;
        const Script* script = nullptr;
        std::size_t rest = 0;  ///< Where in `bytes_` follows what is not the script.
        std::size_t end = 0;   ///< Of the command.
        std::size_t words = 0;
    };

    std::string bytes_;
    std::vector<Command> commands_;
};

}  // namespace portico::redis
