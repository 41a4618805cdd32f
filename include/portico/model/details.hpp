#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "portico/model/type.hpp"

/// What `Type::details` points to, by kind. The loops of src/model and the templates of
/// `slot_of.hpp` meet here; users never name anything of it.
namespace portico::model {

class Json;
class ValidationErrors;

/// What a model does with members that it does not know.
enum class Extra : std::uint8_t {
    ignore,
    forbid,
    allow,  ///< They are kept in the member that is annotated `extras`.
};

/// A model's own options: `static constexpr auto model_config = ModelConfig{.extra =
/// Extra::forbid};`
struct ModelConfig {
    Extra extra = Extra::ignore;
    std::string_view title = {};        ///< In the schema; else the type's name.
    std::string_view description = {};  ///< In the schema.
    /// Makes the aliases of the members that have none: `to_camel`, `to_pascal`, `to_kebab`, or a
    /// function of one's own.
    std::string (*alias_generator)(std::string_view name) = nullptr;
    /// A member may be sent under its name too; its alias goes first.
    bool populate_by_name = false;
};

/// A name of an enumerator.
struct EnumValue {
    std::string_view name;
    std::int64_t value;

    constexpr EnumValue(std::string_view its_name, std::int64_t its_value)
        : name(its_name), value(its_value) {}
    template <class E>
        requires(__is_enum(E))
    constexpr EnumValue(std::string_view its_name, E its_value)
        : name(its_name), value(static_cast<std::int64_t>(its_value)) {}
};

namespace detail {

struct ModelTable;

/// Kind::integer.
struct IntegerDetails {
    bool is_signed;
    std::uint8_t bytes;
};

/// Kind::number.
struct NumberDetails {
    bool is_float;  ///< 32 bits; else a double.
};

/// What is wrong with a text, in Pydantic's terms.
struct TextFault {
    std::string type;
    std::string msg;
    std::string ctx = {};
};

/// "Input should be a valid UUID, invalid length…", with the second part as `ctx.error`.
[[nodiscard]] TextFault parse_fault(std::string_view type, std::string_view what,
                                    std::string_view error);

/// Kind::text.
struct TextDetails {
    /// Constructs nothing: assigns to the object at `out`.
    bool (*parse)(std::string_view text, void* out, TextFault& fault);
    void (*print)(const void* value, std::string& out);
    std::string_view schema;              ///< A JSON object.
    std::string_view output_schema = {};  ///< Of what is answered; empty: the same.
    std::string_view wrong_type = "string_type";
    std::string_view wrong_type_msg = "Input should be a valid string";
    /// From a JSON number, as it is written; null: a number is of the wrong type.
    bool (*parse_number)(std::string_view number, void* out, TextFault& fault) = nullptr;
    /// The constraints that the type can have; null: those of a text.
    bool (*constrain)(const Annotations& annotations, const void* value,
                      TextFault& fault) = nullptr;
    bool prints_number = false;  ///< `print` gives a JSON number, not a string's content.
    bool is_secret = false;      ///< Never shown: "**********".
    bool is_decimal = false;
};

/// Kind::enumerator.
struct EnumDetails {
    bool by_value = false;    ///< Read, written and described as its number.
    bool is_literal = false;  ///< A `Literal`: has no name of its own.
    /// A table of the user's; empty: `pretty` has the names of the values from `first` on.
    std::span<const EnumValue> values;
    std::string_view pretty;
    std::string_view pretty_type;  ///< Holds the name of the enum with its namespaces.
    std::int64_t first;
    std::uint8_t bytes;
    bool is_signed;
    std::atomic<const std::span<const EnumValue>*>* cell;
    const Type* of = nullptr;  ///< A `Literal` of some enumerators of this enum: `picked`.
    std::span<const std::int64_t> picked = {};
};

/// Kind::optional.
struct OptionalDetails {
    Slot item;
    void* (*emplace)(void* optional);
    void (*reset)(void* optional);
    const void* (*get)(const void* optional);  ///< Null when it has no value.
};

/// Kind::array.
struct ArrayDetails {
    enum class Shape : std::uint8_t { list, set };

    using Each = void (*)(void* context, const void* item);

    Slot item;
    Shape shape;
    /// Appends a default-initialised item and returns it; null: only `insert` works.
    void* (*append)(void* array);
    /// Moves an item in; false: a set has it already.
    bool (*insert)(void* array, void* item);
    void (*clear)(void* array);
    std::size_t (*size)(const void* array);
    void (*each)(const void* array, void* context, Each visit);
};

/// Kind::map.
struct MapDetails {
    using Each = void (*)(void* context, const void* key, const void* value);

    Slot key;  ///< A scalar.
    Slot value;
    /// The default-initialised value of a key, which is moved in; what was there is gone.
    void* (*insert)(void* map, void* key);
    void (*clear)(void* map);
    std::size_t (*size)(const void* map);
    void (*each)(const void* map, void* context, Each visit);
};

/// Kind::tuple.
struct TupleDetails {
    std::span<const Slot> items;  ///< One for each, or one for all of a std::array.
    std::size_t count;
    bool is_array;
    void* (*at)(void* tuple, std::size_t index);
};

/// Kind::variant.
struct VariantDetails {
    std::span<const Slot> alternatives;
    void (*assign)(void* variant, std::size_t index, void* value);  ///< Moves the value in.
    std::size_t (*index)(const void* variant);
    const void* (*get)(const void* variant);  ///< Null when valueless.
};

/// A member as the template front end hands it over.
struct RawMember {
    const void* address;
    Slot slot;
    std::uint32_t scalar_bytes;  ///< A plain scalar's size: a surviving pattern tells its default.
    bool annotated;              ///< An `Annotated`: it recorded itself when it has no default.
};

/// A function of a model, whose result is written as a member is.
struct RawComputed {
    using Visit = void (*)(void* context, const void* value);

    Slot slot;
    void (*get)(const void* object, void* context, Visit visit);
};

/// Kind::object.
struct ModelDetails {
    std::size_t count;
    void (*list)(void* object, RawMember* members);
    std::string_view pretty;       ///< Holds the names of the members.
    std::string_view pretty_type;  ///< Holds the name of the model with its namespaces.
    ModelConfig config;
    void (*validate)(void* object, ValidationErrors& errors);    ///< Null: none.
    std::optional<std::string> (*before_validate)(Json& input);  ///< Null: none.
    std::span<const RawComputed> computed;
    std::string_view pretty_computed;  ///< Holds the names of the functions.
    std::atomic<const ModelTable*>* cell;
};

/// Kind::partial.
struct PartialDetails {
    const Type* model;
    void* (*value)(void* partial);  ///< The model in it.
    void* (*sent)(void* partial);   ///< std::uint64_t: a bit for each field.
};

/// The members of a model and what the loops want to have at hand.
struct ModelTable {
    /// A member that is read, or written: `"alias":` as it is mostly sent, or appended.
    struct Key {
        std::string key;
        std::size_t field;
    };
    struct Computed {
        std::string_view name;
        std::string_view alias;
        std::string key;
        RawComputed raw;
    };

    /// Another name that a member may be sent under. Of several that were sent the one with the
    /// lowest rank counts; the one in `inputs` has rank `Field::alias_rank`.
    struct Choice {
        std::string_view name;  ///< With a "/" before it: a JSON Pointer (RFC 6901).
        std::size_t field;
        unsigned rank;
    };

    std::vector<Field> fields;
    std::vector<Key> inputs;
    std::vector<Key> outputs;
    std::vector<Choice> choices;
    std::vector<Computed> computed;
    std::vector<std::string> aliases;  ///< Those that were generated.
    Slot extras;                       ///< Type null: none are kept.
    std::size_t extras_offset = 0;
    std::uint64_t required = 0;  ///< A bit for each field.
    bool has_paths = false;      ///< Some choices are JSON Pointers.
    bool has_more = false;       ///< Extras or computed members are to be written.

    /// Whether a member of that name is answered: nobody may send another one to stand beside it.
    [[nodiscard]] bool answers(std::string_view key) const noexcept;
};

[[nodiscard]] const ModelTable& table_of(const Type& type);

template <class Details>
[[nodiscard]] const Details& details_of(const Type& type) noexcept {
    return *static_cast<const Details*>(type.details);
}

}  // namespace detail
}  // namespace portico::model
