#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "portico/db/detail/parameters.hpp"
#include "portico/db/driver.hpp"
#include "portico/db/value.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type.hpp"

namespace portico::db::detail {

/// How values of a type are kept in a column.
///
/// | in C++                              | in SQLite, as                    | in PostgreSQL    |
/// |-------------------------------------|----------------------------------|------------------|
/// | bool                                | INTEGER: 0, 1                    | boolean          |
/// | integers up to 64 bits signed       | INTEGER                          | bigint           |
/// | float, double                       | REAL                             | double precision |
/// | std::string                         | TEXT                             | text, varchar(n) |
/// | DateTime                            | INTEGER: microseconds since 1970 | timestamptz      |
/// | Decimal with `decimal_places(n)`    | INTEGER: times 10^n              | numeric(p, n)    |
/// | Decimal                             | TEXT: does not sort as numbers   | numeric          |
/// | Uuid, Date, NaiveDateTime           | TEXT                             | uuid, date, timestamp
/// | | enum, Email, Secret, other text     | TEXT                             | text             |
/// | Bytes, Base64Bytes                  | BLOB                             | bytea            |
/// | optional                            | the same, or NULL                | the same         |
/// | struct, vector, map, set, variant, Json | TEXT: JSON                   | jsonb            |
///
/// A program's values are those of SQLite in both: PostgreSQL's driver turns moments and scaled
/// decimals, whose values say their scale, into what its columns hold.
struct Coding {
    enum class Form : std::uint8_t {
        boolean,
        integer,
        real,
        string,
        text,
        date_time,
        scaled_decimal,
        enumerator,
        json,
        bytes,
    };

    Form form = Form::json;
    std::uint8_t bytes = 8;             ///< integer
    bool is_signed = true;              ///< integer
    bool is_float = false;              ///< real
    std::uint8_t scale = 0;             ///< scaled_decimal: n
    std::string_view name;              ///< The column's, for messages.
    const model::Type* type = nullptr;  ///< Of the value, below its optional.
    const model::Annotations* annotations = nullptr;
    const model::detail::OptionalDetails* optional = nullptr;
};

/// Throws `Error` (schema) for a type that no column can hold: an unsigned integer of 64 bits.
[[nodiscard]] Coding coding_of(model::Slot slot, std::string_view column);

/// The type of a column: INTEGER, varchar(50).
[[nodiscard]] std::string sql_type(const Coding& coding, Dialect dialect);

/// Whether a column of this type, as the live schema spells it in capitals, holds such values.
[[nodiscard]] bool fits_type(const Coding& coding, std::string_view live, Dialect dialect);

/// The most characters that the annotations allow a text column, or 0.
[[nodiscard]] std::size_t longest_text(const Coding& coding) noexcept;

/// Whether a string of the object is copied into the parameters, or outlives the statement.
enum class Text : std::uint8_t { copied, referred };

/// Adds the value at `value`. Throws `Error` (value) for one that the column can't hold exactly.
void encode(const Coding& coding, const void* value, Text text, Parameters& out);
/// The same below an optional: the value is there.
void encode_present(const Coding& coding, const void* value, Text text, Parameters& out);

/// Assigns what a row holds to the object at `out`. Throws `Error` (value) when it does not fit.
void decode(const Coding& coding, const Row& row, std::size_t column, void* out);

}  // namespace portico::db::detail
