#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

/// What a model says about itself as a table: in `Annotated<T, …>` of a member, and in a static
/// member `table`. Of the constraints of a member, `max_length` is the table's too; the others are
/// the reader's alone.
namespace portico::db {

/// What happens to a row whose `foreign_key` points to a row that is deleted.
// NOLINTNEXTLINE(readability-identifier-naming): it is written on_delete::cascade.
enum class on_delete : std::uint8_t { restrict, cascade, set_null };

struct PrimaryKey {
    using Mark = PrimaryKey;
};
/// The column by which a row is known. An integer that is 0 when a row is created is assigned by
/// the database, never the number of a row that was deleted; any other key is the program's.
inline constexpr PrimaryKey primary_key{};

struct NoCase {};
/// `unique(nocase)`: also for letters A–Z that differ only in their case. Lookups by such a column
/// ignore case too.
inline constexpr NoCase nocase{};

struct Unique {
    using Mark = Unique;
    bool nocase = false;

    consteval Unique operator()(NoCase) const { return {.nocase = true}; }
};
/// No two rows have the same value; rows without one do not count.
inline constexpr Unique unique{};

struct Indexed {
    using Mark = Indexed;
};
/// Looked up often. A unique column has an index already.
inline constexpr Indexed indexed{};

struct RowVersion {
    using Mark = RowVersion;
};
/// An integer that each update of a row raises by one. A repository's `update` writes a row only
/// while it has the version that the object was read with; else it throws `StaleError`.
///
///     Annotated<std::int64_t, row_version> version = 1;
inline constexpr RowVersion row_version{};

struct SoftDelete {
    using Mark = SoftDelete;
};
/// An optional `DateTime`: rows that have one are deleted. Queries leave them out, unless they are
/// asked `with_deleted()`, and `remove` sets it; `Repository::restore` and `purge` are the ways on.
///
///     Annotated<std::optional<DateTime>, soft_delete> deleted_at = empty;
inline constexpr SoftDelete soft_delete{};

/// What `default_value` and `server_default` say.
struct ColumnDefault {
    enum class Kind : std::uint8_t { none, boolean, integer, real, text, expression, now };

    Kind kind = Kind::none;
    std::int64_t integer = 0;
    double real = 0;
    std::string_view text = {};
};

namespace detail {
template <class V>
struct DefaultNumber {
    using Mark = ColumnDefault;
    V held;

    [[nodiscard]] constexpr ColumnDefault value() const {
        using Kind = ColumnDefault::Kind;
        if constexpr (std::same_as<V, bool>) return {.kind = Kind::boolean, .integer = held};
        if constexpr (std::floating_point<V>) return {.kind = Kind::real, .real = held};
        return {.kind = Kind::integer, .integer = static_cast<std::int64_t>(held)};
    }
};
template <std::size_t N>
struct DefaultText {
    using Mark = ColumnDefault;
    ColumnDefault::Kind kind;
    char text[N]{};

    consteval DefaultText(ColumnDefault::Kind its_kind, const char (&literal)[N]) : kind(its_kind) {
        std::copy_n(literal, N, text);
    }
    [[nodiscard]] constexpr ColumnDefault value() const {
        return {.kind = kind, .text = {text, N - 1}};
    }
};
struct DefaultNow {
    using Mark = ColumnDefault;
    [[nodiscard]] constexpr ColumnDefault value() const {
        return {.kind = ColumnDefault::Kind::now};
    }
};
}  // namespace detail

/// The column's DEFAULT: for rows that others insert, and for the rows that are there when a
/// migration adds the column. The program itself always writes what its object holds.
///
///     Annotated<bool, default_value(false)> archived = false;
///     Annotated<Decimal, decimal_places(2), default_value("0.00")> balance = Decimal{};
template <class V>
    requires std::is_arithmetic_v<V>
[[nodiscard]] consteval detail::DefaultNumber<V> default_value(V value) {
    return {value};
}
/// The text of a string, enum, decimal or date-time; JSON for what is kept as JSON.
template <std::size_t N>
[[nodiscard]] consteval detail::DefaultText<N> default_value(const char (&text)[N]) {
    return {ColumnDefault::Kind::text, text};
}

struct CurrentTimestamp {};
/// `server_default(current_timestamp)`: a `DateTime` column gets the database's time.
inline constexpr CurrentTimestamp current_timestamp{};

/// The database fills the column in: a member that is empty, zero or no value when its row is
/// created is left out of the INSERT, and holds what the database assigned afterwards. `sql` is an
/// expression of the dialects that the program runs on. Not for bool, whose `false` is no absence.
///
///     Annotated<DateTime, server_default(current_timestamp)> created_at = {};
template <std::size_t N>
[[nodiscard]] consteval detail::DefaultText<N> server_default(const char (&sql)[N]) {
    return {ColumnDefault::Kind::expression, sql};
}
[[nodiscard]] consteval detail::DefaultNow server_default(CurrentTimestamp) {
    return {};
}

/// What `foreign_key` says, for the rooms that read it.
struct ForeignKey {
    std::string_view table;
    std::string_view column;
    on_delete action = on_delete::restrict;
};

/// The value is that of a column of another table, or there is none:
/// `Annotated<std::int64_t, foreign_key("users.id", on_delete::cascade)> owner_id;`
// NOLINTBEGIN(readability-identifier-naming)
template <std::size_t N>
struct foreign_key {
    using Mark = ForeignKey;

    char target[N]{};
    on_delete action;

    consteval explicit foreign_key(const char (&table_and_column)[N],
                                   on_delete what = on_delete::restrict)
        : action(what) {
        bool dot = false;
        for (std::size_t i = 0; i < N; ++i) {
            target[i] = table_and_column[i];
            dot = dot || target[i] == '.';
        }
        if (!dot) throw "foreign_key takes \"table.column\"";
    }
    [[nodiscard]] constexpr ForeignKey value() const {
        const std::string_view text{target, N - 1};
        const auto dot = text.find('.');
        return {text.substr(0, dot), text.substr(dot + 1), action};
    }
};
// NOLINTEND(readability-identifier-naming)

/// An index of a table over up to four columns, by their names; made by `index_on`, `unique_on`.
struct TableIndex {
    std::array<std::string_view, 4> columns{};
    bool unique = false;
};
template <class... Names>
    requires(sizeof...(Names) >= 1 && sizeof...(Names) <= 4)
[[nodiscard]] constexpr TableIndex index_on(Names... names) {
    return {.columns = {std::string_view(names)...}};
}
template <class... Names>
    requires(sizeof...(Names) >= 1 && sizeof...(Names) <= 4)
[[nodiscard]] constexpr TableIndex unique_on(Names... names) {
    return {.columns = {std::string_view(names)...}, .unique = true};
}

/// Makes a model a table: each of its members is a column of the same name.
///
///     struct Membership {
///         static constexpr auto table = db::Table{"memberships", db::unique_on("user_id",
///         "team_id")}; Annotated<std::int64_t, primary_key> id = 0; Annotated<std::int64_t,
///         foreign_key("users.id", on_delete::cascade)> user_id; Annotated<std::int64_t,
///         foreign_key("teams.id", on_delete::cascade)> team_id;
///     };
struct Table {
    static constexpr std::size_t kMostIndexes = 8;

    std::string_view name;
    std::array<TableIndex, kMostIndexes> indexes{};
    std::size_t index_count = 0;

    template <class... Indexes>
        requires(sizeof...(Indexes) <= kMostIndexes)
    constexpr explicit Table(std::string_view its_name, Indexes... its_indexes)
        : name(its_name), indexes{its_indexes...}, index_count(sizeof...(Indexes)) {}
};

}  // namespace portico::db
