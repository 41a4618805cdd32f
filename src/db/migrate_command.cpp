#include "portico/db/migrate_command.hpp"

#include <errno.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "db/draft.hpp"

namespace portico::db {
namespace {

namespace fs = std::filesystem;
using Kind = MigrationState::Kind;

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

constexpr std::string_view kHelp =
    R"(usage: {0} migrate up | down [N] | status | new [--auto] NAME

  up               applies what is pending, each migration in a transaction
  down [N]         undoes the last N that are applied (1)
  status           says where each migration stands; exit status 1 unless all are applied
  new NAME         writes the next numbered file, to be filled in
  new --auto NAME  the same with a draft, from what the models have and the database lacks

  --folder FOLDER  where `new` writes ({1})

The database is that of the program's settings.
)";

constexpr std::string_view kEmpty =
    R"(-- What `migrate up` runs, in one transaction: leave BEGIN and COMMIT out.

-- down
-- What undoes it, for `migrate down`. Without statements here it can't be undone.
)";

struct Arguments {
    std::string_view command;
    std::optional<std::string_view> operand;
    std::string folder;
    bool automatic = false;
    bool help = false;
};

std::expected<Arguments, std::string> parse(const MigrateOptions& options, int argc, char** argv) {
    Arguments arguments{.folder = options.folder};
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--help" || argument == "-h") {
            arguments.help = true;
        } else if (argument == "--auto") {
            arguments.automatic = true;
        } else if (argument == "--folder" && i + 1 < argc) {
            arguments.folder = argv[++i];
        } else if (argument.starts_with("--folder=")) {
            arguments.folder = argument.substr(argument.find('=') + 1);
        } else if (argument.starts_with('-')) {
            return std::unexpected(fmt::format("does not know the option {}", argument));
        } else if (arguments.command.empty()) {
            arguments.command = argument;
        } else if (!arguments.operand) {
            arguments.operand = argument;
        } else {
            return std::unexpected(
                fmt::format("expected nothing after {}, got {}", *arguments.operand, argument));
        }
    }
    if (arguments.help) return arguments;
    const std::string_view command = arguments.command;
    if (command.empty()) return std::unexpected("expected a command");
    if (command != "up" && command != "down" && command != "status" && command != "new") {
        return std::unexpected(fmt::format("does not know the command {}", command));
    }
    const bool takes_operand = command == "down" || command == "new";
    if (arguments.operand && !takes_operand) {
        return std::unexpected(
            fmt::format("{}: expected nothing more, got {}", command, *arguments.operand));
    }
    if (arguments.automatic && command != "new")
        return std::unexpected("--auto is for `new` alone");
    return arguments;
}

int fail(int status, std::string_view sentence) {
    fmt::print(stderr, "migrate: {}\n", sentence);
    return status;
}

std::string_view word_for(Kind kind) {
    switch (kind) {
        case Kind::applied:
            return "applied";
        case Kind::pending:
            return "pending";
        case Kind::changed:
            return "edited since";
        case Kind::unknown:
            return "of a newer program";
    }
    return {};
}

int print_status(const MigrateOptions& options, const Database& database) {
    const auto states = options.migrations.status(database);
    if (!states) return fail(kFailed, states.error().what());
    std::size_t width = 0;
    for (const MigrationState& state : *states) width = std::max(width, state.label().size());
    bool complete = true;
    for (const MigrationState& state : *states) {
        complete = complete && state.kind == Kind::applied;
        fmt::print("{:{}}  {}", state.label(), width, word_for(state.kind));
        if (state.applied_at) fmt::print("  {:%Y-%m-%d %H:%M:%S} UTC", *state.applied_at);
        fmt::print("\n");
    }
    if (states->empty()) fmt::print("there are no migrations\n");
    return complete ? kDone : kFailed;
}

int migrate(const MigrateOptions& options, const Database& database) {
    const auto done = options.migrations.up(database, [](const MigrationState& state) {
        fmt::print("applying {}\n", state.label());
        std::fflush(stdout);
    });
    if (!done) return fail(kFailed, done.error().what());
    fmt::print("{}\n", *done == 0 ? "nothing was pending" : fmt::format("{} applied", *done));
    return kDone;
}

int undo(const MigrateOptions& options, const Database& database, int count) {
    const auto done = options.migrations.down(database, count, [](const MigrationState& state) {
        fmt::print("undoing {}\n", state.label());
        std::fflush(stdout);
    });
    if (!done) return fail(kFailed, done.error().what());
    fmt::print("{}\n", *done == 0 ? "nothing was applied" : fmt::format("{} undone", *done));
    return kDone;
}

// ---- new

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 100 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::vector<fs::path> folders_in(const fs::path& folder) {
    std::vector<fs::path> folders;
    std::error_code code;
    for (const Dialect dialect : {Dialect::sqlite, Dialect::postgresql}) {
        if (fs::is_directory(folder / name_of(dialect), code)) {
            folders.push_back(folder / name_of(dialect));
        }
    }
    if (folders.empty()) folders.push_back(folder);
    return folders;
}

// The highest number of a file in the folder; 0 for none, or no folder.
int last_number(const fs::path& folder) {
    int last = 0;
    std::error_code code;
    for (fs::directory_iterator at{folder, code}, end; !code && at != end; at.increment(code)) {
        const std::string name = at->path().filename().string();
        int number = 0;
        std::from_chars(name.data(), name.data() + name.size(), number);
        if (at->path().extension() == ".sql") last = std::max(last, number);
    }
    return last;
}

int write(const fs::path& folder, std::string_view name, std::string_view text) {
    std::error_code code;
    fs::create_directories(folder, code);
    const fs::path path = folder / fmt::format("{:04}_{}.sql", last_number(folder) + 1, name);
    std::FILE* file = std::fopen(path.c_str(), "wxe");  // never over another
    bool written = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (file) written = std::fclose(file) == 0 && written;
    if (!written) return fail(kFailed, "can't write " + path.string());
    fmt::print("wrote {}\n", path.string());
    return kDone;
}

int write_draft(const MigrateOptions& options, const Arguments& arguments,
                const Database& database) {
    const auto states = options.migrations.status(database);
    if (!states) return fail(kFailed, states.error().what());
    for (const MigrationState& state : *states) {
        if (state.kind == Kind::applied) continue;
        return fail(kFailed, fmt::format("a draft begins where all migrations are applied: {} is "
                                         "{}",
                                         state.label(), word_for(state.kind)));
    }
    const fs::path parent = arguments.folder;
    std::error_code code;
    const fs::path own = parent / name_of(database.dialect());
    const fs::path folder = fs::is_directory(own, code) ? own : folders_in(parent).front();
    if (const int last = last_number(folder); last > std::ssize(*states)) {
        return fail(kFailed, fmt::format("{} holds {} files, this program {}: build it again, and "
                                         "apply what is new",
                                         folder.string(), last, states->size()));
    }
    std::string draft;
    auto done = database.driver().with_schema(
        [&](SchemaConnection& connection) -> std::expected<void, Error> {
            auto drafted = detail::draft_migration(connection, database.dialect(), options.models);
            if (!drafted) return std::unexpected(std::move(drafted.error()));
            draft = *std::move(drafted);
            return {};
        });
    if (!done) return fail(kFailed, done.error().what());
    if (draft.empty()) {
        fmt::print("nothing to write: the database is what the models say\n");
        return kDone;
    }
    return write(folder, *arguments.operand, draft);
}

}  // namespace

int migrate_command(const MigrateOptions& options, int argc, char** argv) {
    const auto arguments = parse(options, argc, argv);
    if (!arguments) return fail(kWrongUse, arguments.error() + "; see --help");
    if (arguments->help) {
        fmt::print(fmt::runtime(kHelp), ::program_invocation_short_name, options.folder);
        return kDone;
    }
    int count = 1;
    if (arguments->command == "down" && arguments->operand) {
        const char* end = arguments->operand->data() + arguments->operand->size();
        const auto [at, code] = std::from_chars(arguments->operand->data(), end, count);
        if (code != std::errc{} || at != end || count < 1) {
            return fail(kWrongUse, fmt::format("down: expected a number of migrations, got {}",
                                               *arguments->operand));
        }
    }
    if (arguments->command == "new") {
        if (!arguments->operand || !is_name(*arguments->operand)) {
            return fail(kWrongUse, "new: expected a name of a-z, 0-9 and _, such as add_tags");
        }
        if (!arguments->automatic) {
            for (const fs::path& folder : folders_in(arguments->folder)) {
                if (const int status = write(folder, *arguments->operand, kEmpty)) return status;
            }
            return kDone;
        }
    }
    const auto database = options.open();
    if (!database) return fail(kFailed, database.error());
    if (arguments->command == "new") return write_draft(options, *arguments, *database);
    if (arguments->command == "up") return migrate(options, *database);
    if (arguments->command == "down") return undo(options, *database, count);
    return print_status(options, *database);
}

}  // namespace portico::db
