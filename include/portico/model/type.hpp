#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace portico::model {

struct Annotations;
struct Field;
struct Type;

/// The shape of a type: which loop reads, validates, writes and describes it.
enum class Kind : std::uint8_t {
    boolean,
    integer,  ///< Every width; `IntegerDetails` has its range.
    number,   ///< float, double.
    string,   ///< std::string.
    text,     ///< A value with a text form: UUID, date-time, e-mail, decimal, secret, a user's own.
    enumerator,
    optional,
    array,   ///< vector, deque, list, set.
    tuple,   ///< std::tuple, std::pair, std::array.
    map,     ///< Keys are scalars.
    object,  ///< A model.
    variant,
    partial,  ///< `Partial<T>`: a model of which any field may be absent.
    any,      ///< `Json`.
    raw,      ///< `RawJson`.
};

/// A type as it stands in one place: a member, a parameter, an item of a list.
struct Slot {
    const Type* type = nullptr;
    const Annotations* annotations = nullptr;  ///< Null: none.
};

/// What the readers and writers know about a C++ type: one constant table, shared by all its uses.
///
/// Made by `slot_of<T>()`; a user's type joins by specialising `TypeTraits`. The loops over these
/// tables are ordinary functions in src/model: a model costs a table, not a template.
struct Type {
    Kind kind;
    std::string_view name;  ///< "ItemCreate": without namespace; what schemas are titled by.
    std::uint32_t size;
    std::uint32_t alignment;
    void (*construct)(void* at);  ///< Default-initialises an object.
    void (*destroy)(void* at) noexcept;
    void (*move)(void* to, void* from);        ///< Move-constructs.
    void (*copy)(void* to, const void* from);  ///< Copy-constructs; null when it can't be.
    const void* details;  ///< By kind; private to the room: "model/details.hpp".
};

/// One member of a model.
struct Field {
    std::string_view name;   ///< As the member is spelled.
    std::string_view alias;  ///< As it is sent; the name unless `alias(…)` or the model say else.
    std::string_view serialization_alias;  ///< As it is answered.
    std::size_t offset;
    Slot slot;
    bool required;  ///< No default was written, and the type is no optional; nor is it read-only.
    bool read;      ///< False: what is sent for it is passed over.
    bool written;   ///< False: it is never answered.
    unsigned alias_rank = 0;  ///< How many other names go before `alias`; see `validation_alias`.
};

/// The members of a model (`Kind::object`), in declaration order, but for the one that keeps
/// `extras`. The table is built at the first call, thread-safely.
[[nodiscard]] std::span<const Field> fields_of(const Type& type);

/// Builds the tables of a slot and of all types in it, so that a mistake in a declaration is found
/// here and not in a request: throws std::logic_error for a discriminator that the alternatives do
/// not have, extras that have no place, a pattern that is none. Thread-safe.
void prepare(Slot slot);

/// The address of a member in an object of the model.
[[nodiscard]] inline void* member(void* object, const Field& field) noexcept {
    return static_cast<std::byte*>(object) + field.offset;
}
[[nodiscard]] inline const void* member(const void* object, const Field& field) noexcept {
    return static_cast<const std::byte*>(object) + field.offset;
}

}  // namespace portico::model
