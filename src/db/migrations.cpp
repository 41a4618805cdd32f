#include "portico/db/migrations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace portico::db {
namespace {

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

}  // namespace

Migrations::Migrations(std::span<const Migration> embedded) {
    for (const auto& [number, name, sql] : embedded) add(number, name, sql);
    if (const auto checked = check_order(); !checked) wrong_ = checked.error().what();
}

void Migrations::add(int number, std::string_view name, std::string_view sql) {
    entries_.push_back({number, std::string(name), std::string(sql), checksum_of(sql)});
}

std::expected<void, Error> Migrations::check_order() {
    std::ranges::sort(entries_, {}, &Entry::number);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const int expected = static_cast<int>(i) + 1;
        if (entries_[i].number == expected) continue;
        return wrong(fmt::format("migrations: expected number {:04} next, got {:04}_{}", expected,
                                 entries_[i].number, entries_[i].name));
    }
    return {};
}

std::expected<Migrations, Error> Migrations::from_folder(const std::string& folder) {
    namespace fs = std::filesystem;
    std::error_code code;
    Migrations migrations;
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
        migrations.add(number, rest + 1, sql);
    }
    if (code) return wrong("migrations: can't read the folder " + folder + ": " + code.message());
    if (auto checked = migrations.check_order(); !checked) {
        return std::unexpected(std::move(checked.error()));
    }
    return migrations;
}

std::expected<std::vector<MigrationState>, Error> Migrations::status(
    const Database& database) const {
    using Kind = MigrationState::Kind;
    if (!wrong_.empty()) return wrong(wrong_);
    const auto applied = database.driver().applied();
    if (!applied) return std::unexpected(applied.error());

    std::vector<MigrationState> states;
    for (const Entry& entry : entries_) {
        const auto found = std::ranges::find(*applied, entry.number, &AppliedMigration::number);
        Kind kind = Kind::pending;
        if (found != applied->end()) {
            kind = found->checksum == entry.checksum ? Kind::applied : Kind::changed;
        }
        states.push_back({entry.number, entry.name, kind});
    }
    for (const AppliedMigration& migration : *applied) {
        if (static_cast<std::size_t>(migration.number) <= entries_.size()) continue;
        states.push_back({migration.number, migration.name, Kind::unknown});
    }
    return states;
}

std::expected<int, Error> Migrations::up(const Database& database) const {
    using Kind = MigrationState::Kind;
    const auto states = status(database);
    if (!states) return std::unexpected(states.error());
    for (const auto& [number, name, kind] : *states) {
        if (kind == Kind::changed) {
            return wrong(fmt::format(
                "migration {:04}_{} was edited after it was applied; restore its text and write "
                "the change as a new migration",
                number, name));
        }
        if (kind == Kind::unknown) {
            return wrong(fmt::format(
                "the database has migration {:04}_{}, which this program does not know: it was "
                "written by a newer version",
                number, name));
        }
    }
    int count = 0;
    for (const auto& [number, name, kind] : *states) {
        if (kind != Kind::pending) continue;
        const Entry& entry = entries_[static_cast<std::size_t>(number) - 1];
        const auto applied = database.driver().apply(
            {.number = number, .name = entry.name, .sql = entry.sql}, entry.checksum);
        if (!applied) return std::unexpected(applied.error());
        ++count;
    }
    return count;
}

std::expected<void, Error> Migrations::prepare(const Database& database, bool migrate) const {
    const auto empty = database.driver().empty();
    if (!empty) return std::unexpected(empty.error());
    const auto states = status(database);
    if (!states) return std::unexpected(states.error());

    std::string pending;
    for (const auto& [number, name, kind] : *states) {
        if (kind == MigrationState::Kind::pending) {
            pending += fmt::format("{}{:04}_{}", pending.empty() ? "" : ", ", number, name);
        }
    }
    if (!pending.empty() && !*empty && !migrate) {
        return wrong("the database is behind this program, pending: " + pending +
                     "; back it up and start once with --migrate");
    }
    // Nothing pending, it still refuses what was edited or is newer.
    if (auto done = up(database); !done) return std::unexpected(std::move(done.error()));
    return {};
}

}  // namespace portico::db
