#pragma once

#include <concepts>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/model/slot_of.hpp"
#include "portico/model/type.hpp"
#include "portico/settings/problems.hpp"

namespace portico::settings {

/// How settings are found. The defaults are right for a program; a test sets what it stands in for.
struct Options {
    std::string program = {};      ///< In the help; empty: the last part of `argv[0]`.
    std::string description = {};  ///< A sentence for the help.
    std::string version = {};      ///< What `--version` prints; empty: there is no such option.
    /// Before every name outside the command line: with "SHOP_", `port` is `SHOP_PORT`.
    std::string env_prefix = {};
    /// Read in this order, the first that has a name wins; a missing file is no error. Relative to
    /// `directory`.
    std::vector<std::string> env_files{".env.local", ".env"};
    std::string directory = ".";
    /// A file for each secret, named as the field (Docker, Kubernetes); at most 64 KiB each. Empty:
    /// what the variable `SECRETS_DIR` says, if anything.
    std::string secrets_dir = {};
    /// Instead of the process's environment.
    std::optional<std::map<std::string, std::string>> environment = {};
    /// Is told where each value came from.
    Sources* sources = nullptr;
};

/// Why there are no settings, and the program ends: `text` is to be printed, to standard error
/// unless the status is 0.
struct Exit {
    int status;                     ///< 0 for `--help` and `--version`, 2 for wrong settings.
    std::string text;               ///< Ends with a newline; lists every problem.
    std::vector<Problem> problems;  ///< The same, for programs.
};

/// A check of several fields at once; see `Problems`.
template <class F, class T>
concept CheckOf = std::invocable<F, const T&, Problems&>;

namespace detail {

/// An object of a model that is filled member by member.
class Object {
public:
    explicit Object(const model::Type& type);
    ~Object();
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    [[nodiscard]] void* get() const noexcept { return at_; }

private:
    const model::Type& type_;
    void* at_;
};

struct Check {
    void (*run)(const void* check, const void* settings, Problems& problems);
    const void* check;
};

/// Fills `settings`; what it returns is why not.
[[nodiscard]] std::optional<Exit> load(const model::Type& type, void* settings, int argc,
                                       const char* const* argv, const Options& options,
                                       Check check);

struct NoCheck {
    template <class T>
    void operator()(const T&, Problems&) const noexcept {}
};

}  // namespace detail

/// The settings of a program: each field of the struct from the first source that has it.
///
/// The sources, in order: the command line (`--port 8000`, `--guard.rate-limit=50`, `--debug`,
/// `--no-debug`), the environment (`PORT`, `GUARD__RATE_LIMIT`), the `.env` files, the secrets
/// directory, the default that is written in the struct. Names outside the command line are
/// case-insensitive. Lists, maps and models in them are JSON. An empty text is the null of an
/// optional. A secret (`SecretString`, also in a list or map) is not accepted on the command line,
/// where every user of the machine could read it. Names that no field has are ignored in the
/// environment and in files; an unknown option is an error.
///
/// Everything that is wrong is reported at once, what `check` finds included; fields that are
/// missing or wrong hold their defaults, or nothing, while it runs.
///
///     struct Settings {
///         Annotated<int, ge(1), le(65535), description("Port to listen on")> port = 8000;
///         Annotated<SecretString, min_length(32)> secret_key;
///     };
///
///     auto settings = settings::load<Settings>(argc, argv);
///     if (!settings) {
///         (settings.error().status == 0 ? std::cout : std::cerr) << settings.error().text;
///         return settings.error().status;
///     }
template <class T, CheckOf<T> F = detail::NoCheck>
[[nodiscard]] std::expected<T, Exit> load(int argc, const char* const* argv,
                                          const Options& options = {}, F check = {}) {
    const model::Type& type = *model::slot_of<T>().type;
    const detail::Object object(type);
    const auto run = [](const void* function, const void* settings, Problems& problems) {
        (*static_cast<const F*>(function))(*static_cast<const T*>(settings), problems);
    };
    auto exit = detail::load(type, object.get(), argc, argv, options, {run, &check});
    if (exit) return std::unexpected(*std::move(exit));
    return std::move(*static_cast<T*>(object.get()));
}

}  // namespace portico::settings
