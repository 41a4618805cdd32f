#include "portico/db/migrations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ranges>
#include <utility>

#include "db/migration_run.hpp"

namespace portico::db {
namespace {

namespace fs = std::filesystem;
using detail::AppliedMigration;
using detail::MigrationRun;
using Kind = MigrationState::Kind;

constexpr Dialect kDialects[] = {Dialect::sqlite, Dialect::postgresql};
constexpr std::string_view kBlanks = " \t\r\n";

// FNV-1a: it finds an edited file; nobody who can edit migrations needs to forge one.
std::string checksum_of(std::string_view text) {
    std::uint64_t hash = 14695981039346656037U;
    for (const char byte : text) {
        hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
    }
    return fmt::format("{:016x}", hash);
}

std::unexpected<Error> wrong(std::string message) {
    return std::unexpected(Error(Error::Kind::schema, std::move(message)));
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

bool is_down_line(std::string_view line) {
    line = trimmed(line);
    if (!line.starts_with("--")) return false;
    constexpr std::string_view kDown = "down";
    return std::ranges::equal(trimmed(line.substr(2)), kDown, [](char c, char expected) {
        return c == expected || c == expected - ('a' - 'A');
    });
}

bool has_statement(std::string_view sql) {
    return std::ranges::any_of(std::views::split(sql, '\n'), [](auto&& range) {
        const auto line = trimmed(std::string_view(range.begin(), range.end()));
        return !line.empty() && !line.starts_with("--");
    });
}

struct Parts {
    std::string_view up;
    std::optional<std::string_view> down;
};

Parts parts_of(std::string_view sql) {
    for (std::size_t at = 0; at < sql.size();) {
        const std::size_t end = std::min(sql.find('\n', at), sql.size() - 1) + 1;
        if (is_down_line(sql.substr(at, end - at))) {
            const std::string_view down = sql.substr(end);
            return {sql.substr(0, at), has_statement(down) ? std::optional(down) : std::nullopt};
        }
        at = end;
    }
    return {sql, std::nullopt};
}

std::string pending_in(const std::vector<MigrationState>& states) {
    std::string names;
    for (const MigrationState& state : states) {
        if (state.kind != Kind::pending) continue;
        names += (names.empty() ? "" : ", ") + state.label();
    }
    return names;
}

std::expected<void, Error> check(const std::vector<MigrationState>& states) {
    for (const MigrationState& state : states) {
        if (state.kind == Kind::changed) {
            return wrong(fmt::format(
                "migration {} was edited after it was applied; restore its text and write the "
                "change as a new migration",
                state.label()));
        }
        if (state.kind == Kind::unknown) {
            return wrong(fmt::format(
                "the database has migration {}, which this program does not know: it was written "
                "by a newer version",
                state.label()));
        }
    }
    return {};
}

// Runs `work` while nobody else migrates. What it has finished stays, also when it fails later.
template <class F>
std::expected<void, Error> locked(MigrationRun& run, F work) {
    if (auto done = run.lock(); !done) return done;
    std::expected<void, Error> done = work();
    auto unlocked = run.unlock();
    return done ? unlocked : done;
}

}  // namespace

std::string MigrationState::label() const {
    return fmt::format("{:04}_{}", number, name);
}

Migrations::Migrations(std::span<const Migration> embedded) {
    for (const Migration& migration : embedded) add(migration);
    if (const auto checked = check_order(); !checked) wrong_ = checked.error().what();
}

void Migrations::add(const Migration& migration) {
    const auto [up, down] = parts_of(migration.sql);
    // What it ends with is not looked at, so that a part `-- down` can be added later.
    const auto end = up.find_last_not_of(kBlanks);
    const std::string text{up.substr(0, end == std::string_view::npos ? 0 : end + 1)};
    for (const Dialect dialect : kDialects) {
        if (migration.dialect.value_or(dialect) != dialect) continue;
        entries_[static_cast<std::size_t>(dialect)].push_back(
            {migration.number, std::string(migration.name), text,
             down ? std::optional<std::string>(*down) : std::nullopt, checksum_of(text + '\n')});
    }
}

std::expected<void, Error> Migrations::check_order() {
    for (auto& entries : entries_) {
        std::ranges::sort(entries, {}, &Entry::number);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const int expected = static_cast<int>(i) + 1;
            if (entries[i].number == expected) continue;
            return wrong(fmt::format("migrations: expected number {:04} next, got {:04}_{}",
                                     expected, entries[i].number, entries[i].name));
        }
    }
    return {};
}

std::expected<Migrations, Error> Migrations::from_folder(const std::string& folder) {
    Migrations migrations;
    bool by_dialect = false;
    for (const Dialect dialect : kDialects) {
        const fs::path path = fs::path(folder) / name_of(dialect);
        std::error_code code;
        if (!fs::is_directory(path, code)) continue;
        by_dialect = true;
        if (auto added = migrations.add_folder(path.string(), dialect); !added) {
            return std::unexpected(std::move(added.error()));
        }
    }
    if (!by_dialect) {
        if (auto added = migrations.add_folder(folder, {}); !added) {
            return std::unexpected(std::move(added.error()));
        }
    }
    if (auto checked = migrations.check_order(); !checked) {
        return std::unexpected(std::move(checked.error()));
    }
    return migrations;
}

std::expected<void, Error> Migrations::add_folder(const std::string& folder,
                                                  std::optional<Dialect> dialect) {
    std::error_code code;
    for (fs::directory_iterator at{folder, code}, end; !code && at != end; at.increment(code)) {
        if (at->path().extension() != ".sql") continue;
        const std::string stem = at->path().stem().string();
        int number = 0;
        const auto [rest, failed] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
        if (failed != std::errc{} || number < 1 || *rest != '_' || rest[1] == '\0') {
            return wrong("migrations: expected a name like 0001_create_users.sql, got " +
                         at->path().string());
        }
        std::ifstream file{at->path(), std::ios::binary};
        const std::string sql{std::istreambuf_iterator<char>(file), {}};
        if (!file) return wrong("migrations: can't read " + at->path().string());
        add({number, rest + 1, sql, dialect});
    }
    if (code) return wrong("migrations: can't read the folder " + folder + ": " + code.message());
    return {};
}

std::vector<MigrationState> Migrations::compare(const std::vector<Entry>& entries,
                                                const std::vector<AppliedMigration>& applied) {
    std::vector<MigrationState> states;
    states.reserve(entries.size());
    for (const Entry& entry : entries) {
        states.push_back({.number = entry.number, .name = entry.name});
    }
    for (const AppliedMigration& migration : applied) {
        const std::chrono::sys_seconds at{std::chrono::seconds{migration.applied_at}};
        const auto entry = std::ranges::find(entries, migration.number, &Entry::number);
        if (entry == entries.end()) {
            states.push_back({migration.number, migration.name, Kind::unknown, at});
            continue;
        }
        MigrationState& state = states[static_cast<std::size_t>(entry - entries.begin())];
        state.kind = migration.checksum == entry->checksum ? Kind::applied : Kind::changed;
        state.applied_at = at;
    }
    return states;
}

std::expected<std::vector<MigrationState>, Error> Migrations::status(
    const Database& database) const {
    if (!wrong_.empty()) return wrong(wrong_);
    std::vector<MigrationState> states;
    auto done = database.driver().with_schema(
        [&](SchemaConnection& connection) -> std::expected<void, Error> {
            const auto applied = MigrationRun(connection, database.dialect()).applied();
            if (!applied) return std::unexpected(applied.error());
            states = compare(entries_for(database), *applied);
            return {};
        });
    if (!done) return std::unexpected(std::move(done.error()));
    return states;
}

std::expected<int, Error> Migrations::up(const Database& database, const OnStep& on_step) const {
    return up(database, Behind::migrated, on_step);
}

std::expected<void, Error> Migrations::prepare(const Database& database, bool migrate) const {
    auto done = up(database, migrate ? Behind::migrated : Behind::refused_unless_empty, {});
    if (!done) return std::unexpected(std::move(done.error()));
    return {};
}

std::expected<int, Error> Migrations::up(const Database& database, Behind behind,
                                         const OnStep& on_step) const {
    if (!wrong_.empty()) return wrong(wrong_);
    const std::vector<Entry>& entries = entries_for(database);
    if (entries.empty() &&
        std::ranges::any_of(entries_, [](const auto& of) { return !of.empty(); })) {
        return wrong(fmt::format("migrations: there are none for {}", name_of(database.dialect())));
    }
    int count = 0;
    auto done = database.driver().with_schema(
        [&](SchemaConnection& connection) -> std::expected<void, Error> {
            MigrationRun run{connection, database.dialect()};
            const auto before = run.applied();
            if (!before) return std::unexpected(before.error());
            const auto states = compare(entries, *before);
            if (auto fits = check(states); !fits || pending_in(states).empty()) return fits;

            return locked(run, [&]() -> std::expected<void, Error> {
                // Another process may have done it meanwhile.
                const auto applied = run.applied();
                if (!applied) return std::unexpected(applied.error());
                const auto now = compare(entries, *applied);
                if (auto fits = check(now); !fits) return fits;
                const auto empty = run.empty();
                if (!empty) return std::unexpected(empty.error());
                const std::string pending = pending_in(now);
                if (!pending.empty() && !*empty && behind == Behind::refused_unless_empty) {
                    return wrong("the database is behind this program, pending: " + pending +
                                 "; back it up and start once with --migrate");
                }
                for (std::size_t i = 0; i < entries.size(); ++i) {
                    if (now[i].kind != Kind::pending) continue;
                    if (on_step) on_step(now[i]);
                    const auto& [number, name, up, down, checksum] = entries[i];
                    if (auto stepped = run.apply(number, name, checksum, up); !stepped) {
                        return stepped;
                    }
                    ++count;
                }
                return {};
            });
        });
    if (!done) return std::unexpected(std::move(done.error()));
    return count;
}

std::expected<int, Error> Migrations::down(const Database& database, int count,
                                           const OnStep& on_step) const {
    if (!wrong_.empty()) return wrong(wrong_);
    const std::vector<Entry>& entries = entries_for(database);
    int undone = 0;
    const auto work = [&](MigrationRun& run) -> std::expected<void, Error> {
        const auto applied = run.applied();
        if (!applied) return std::unexpected(applied.error());
        std::vector<MigrationState> last;
        for (const MigrationState& state : compare(entries, *applied) | std::views::reverse) {
            if (state.kind == Kind::pending || std::ssize(last) == count) continue;
            if (state.kind == Kind::unknown) return check({state});
            if (!entries[static_cast<std::size_t>(state.number) - 1].down) {
                return wrong(fmt::format(
                    "migration {} can't be undone: its file has no line `-- down` with statements "
                    "below it; nothing was changed",
                    state.label()));
            }
            last.push_back(state);
        }
        for (const MigrationState& state : last) {
            if (on_step) on_step(state);
            const Entry& entry = entries[static_cast<std::size_t>(state.number) - 1];
            if (auto done = run.revert(entry.number, entry.name, *entry.down); !done) return done;
            ++undone;
        }
        return {};
    };
    auto done = database.driver().with_schema([&](SchemaConnection& connection) {
        MigrationRun run{connection, database.dialect()};
        return locked(run, [&] { return work(run); });
    });
    if (!done) return std::unexpected(std::move(done.error()));
    return undone;
}

}  // namespace portico::db
