#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace portico::db {

/// What travels between a program and a database: a parameter or one column of a row. A view: text
/// and bytes are not owned.
struct Value {
    enum class Kind : std::uint8_t { null, integer, real, text, bytes };

    constexpr Value() noexcept = default;
    constexpr explicit Value(std::int64_t value) noexcept : kind(Kind::integer), integer(value) {}
    constexpr explicit Value(double value) noexcept : kind(Kind::real), real(value) {}
    constexpr explicit Value(std::string_view value) noexcept : kind(Kind::text), text(value) {}
    [[nodiscard]] static constexpr Value of_bytes(std::string_view bytes) noexcept {
        Value value{bytes};
        value.kind = Kind::bytes;
        return value;
    }

    /// Whether `text` is what it holds: text, or bytes.
    [[nodiscard]] constexpr bool has_text() const noexcept { return kind >= Kind::text; }

    Kind kind = Kind::null;
    union {
        std::int64_t integer = 0;
        double real;
        std::string_view text;  ///< Bytes too.
    };
};

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
