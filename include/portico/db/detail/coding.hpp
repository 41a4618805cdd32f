#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "portico/db/detail/parameters.hpp"
#include "portico/db/value.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type.hpp"

namespace portico::db::detail {

/// How values of a type are kept in a column.
///
/// | in C++                              | in SQLite | as                                      |
/// |-------------------------------------|-----------|-----------------------------------------|
/// | bool, integers up to 64 bits signed | INTEGER   | itself                                  |
/// | float, double                       | REAL      | itself                                  |
/// | std::string                         | TEXT      | itself                                  |
/// | DateTime                            | INTEGER   | microseconds since 1970, UTC            |
/// | Decimal with `decimal_places(n)`    | INTEGER   | times 10^n: exact, sorts and adds right |
/// | Decimal                             | TEXT      | itself: exact, does not sort as numbers |
/// | enum, Uuid, Email, Secret, own text | TEXT      | its text                                |
/// | optional                            | the same, or NULL |                                 |
/// | struct, vector, map, set, variant, Json | TEXT  | JSON                                    |
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

/// INTEGER, REAL or TEXT.
[[nodiscard]] std::string_view sql_type(const Coding& coding) noexcept;

/// Whether a string of the object is copied into the parameters, or outlives the statement.
enum class Text : std::uint8_t { copied, referred };

/// Adds the value at `value`. Throws `Error` (value) for one that the column can't hold exactly.
void encode(const Coding& coding, const void* value, Text text, Parameters& out);
/// The same below an optional: the value is there.
void encode_present(const Coding& coding, const void* value, Text text, Parameters& out);

/// Assigns what a row holds to the object at `out`. Throws `Error` (value) when it does not fit.
void decode(const Coding& coding, const Row& row, std::size_t column, void* out);

}  // namespace portico::db::detail
