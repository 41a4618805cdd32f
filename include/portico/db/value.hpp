#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace portico::db {

/// What travels between a program and a database: a parameter or one column of a row. A view: text
/// and bytes are not owned.
struct Value {
    enum class Kind : std::uint8_t {
        null,
        integer,
        real,
        text,
        bytes,
        decimal,  ///< An exact number as text, "12.50": what PostgreSQL's `numeric` is read as.
    };

    constexpr Value() noexcept = default;
    constexpr explicit Value(std::int64_t value) noexcept : kind(Kind::integer), integer(value) {}
    constexpr explicit Value(double value) noexcept : kind(Kind::real), real(value) {}
    constexpr explicit Value(std::string_view value) noexcept : kind(Kind::text), text(value) {}
    [[nodiscard]] static constexpr Value of_bytes(std::string_view bytes) noexcept {
        Value value{bytes};
        value.kind = Kind::bytes;
        return value;
    }

    /// Whether `text` is what it holds.
    [[nodiscard]] constexpr bool has_text() const noexcept { return kind >= Kind::text; }

    /// `units` × 10^-`scale`: SQLite keeps the units, PostgreSQL the number.
    [[nodiscard]] static constexpr Value scaled(std::int64_t units, std::uint8_t scale) noexcept {
        Value value{units};
        value.scale = scale;
        return value;
    }
    [[nodiscard]] static constexpr Value decimal(std::string_view text) noexcept {
        Value value{text};
        value.kind = Kind::decimal;
        return value;
    }

    Kind kind = Kind::null;
    std::uint8_t scale = 0;  ///< Of an integer parameter.
    union {
        std::int64_t integer = 0;
        double real;
        std::string_view text;  ///< Bytes too.
    };
};

namespace detail {

/// An integer, or a decimal number that is one; nothing for what is neither or does not fit.
[[nodiscard]] std::optional<std::int64_t> integer_of(const Value& value) noexcept;
/// Any number.
[[nodiscard]] std::optional<double> real_of(const Value& value) noexcept;

}  // namespace detail

/// One row of a result, on its way into an object. Valid only while it is handed over.
class Row {
public:
    [[nodiscard]] virtual std::size_t size() const noexcept = 0;
    [[nodiscard]] virtual std::string_view name(std::size_t column) const noexcept = 0;
    [[nodiscard]] virtual Value operator[](std::size_t column) const noexcept = 0;

protected:
    ~Row() = default;
};

}  // namespace portico::db
