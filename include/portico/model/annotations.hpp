#pragma once

#include <array>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace portico::model {

/// A number as it was written in a constraint: an integer of 64 bits, or a double.
struct Number {
    enum class Kind : std::uint8_t { none, integer, unsigned_integer, real };

    Kind kind = Kind::none;
    std::int64_t integer = 0;  ///< `unsigned_integer`: the same bits.
    double real = 0;

    constexpr Number() = default;
    // NOLINTBEGIN(google-explicit-constructor): gt(0) reads as a number.
    template <std::floating_point T>
    constexpr Number(T value) : kind(Kind::real), real(static_cast<double>(value)) {}
    template <std::integral T>
    constexpr Number(T value)
        : kind(std::is_signed_v<T> ? Kind::integer : Kind::unsigned_integer),
          integer(static_cast<std::int64_t>(value)) {}
    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] constexpr explicit operator bool() const noexcept { return kind != Kind::none; }
};

/// A regular expression (RE2 syntax) that is compiled at its first use, once, whatever thread is
/// first. A wrong one throws std::invalid_argument there: when the model's table is built.
class Pattern {
public:
    constexpr explicit Pattern(std::string_view text) noexcept : text_(text) {}

    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    /// Whether the pattern is found anywhere in `subject`, as `re.search` does; anchor it with ^…$.
    /// Linear in the length of the subject.
    [[nodiscard]] bool found_in(std::string_view subject);
    void compile();

private:
    std::string_view text_;
    std::atomic<const void*> compiled_{nullptr};
};

/// A value for the documentation.
struct Example {
    enum class Kind : std::uint8_t { text, number, boolean };

    Kind kind = Kind::text;
    std::string_view text = {};
    Number number = {};
    bool truth = false;
};

class Json;
class WrappedRead;
struct Discriminator;

/// An annotation of another room, such as a column's `primary_key`: whose it is, and its value.
struct Mark {
    const void* kind = nullptr;
    const void* value = nullptr;
};

/// When a date or a moment has to be.
enum class Tense : std::uint8_t { any, past, future };

/// What `Annotated<T, …>` says about a value, flattened into one constant.
///
/// Constraints that do not fit the type were refused by the compiler: `min_length` counts the
/// characters of a text and the items of a list or map.
struct Annotations {
    static constexpr std::size_t kUnbounded = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t kMostExamples = 4;
    static constexpr std::size_t kMostAliases = 4;

    Number gt, ge, lt, le, multiple_of;
    std::size_t min_length = 0;
    std::size_t max_length = kUnbounded;
    std::size_t max_digits = kUnbounded;
    std::size_t decimal_places = kUnbounded;
    Pattern* pattern = nullptr;
    /// The user's own check of a value; the sentence that it returns is the fault.
    std::optional<std::string> (*check)(void* value) = nullptr;
    /// The same of what was sent, before it is read.
    std::optional<std::string> (*before)(Json& input) = nullptr;
    /// The same around the reading itself.
    std::optional<std::string> (*wrap)(Json& input, void* value, WrappedRead& read) = nullptr;
    Discriminator* discriminator = nullptr;

    std::string_view title;
    std::string_view description;
    std::string_view alias;
    std::array<std::string_view, kMostAliases> validation_aliases{};
    std::size_t validation_alias_count = 0;
    std::string_view serialization_alias;
    std::array<Example, kMostExamples> examples{};
    std::size_t example_count = 0;
    bool deprecated = false;
    bool strict = false;
    bool strip_whitespace = false;
    bool to_lower = false;
    bool to_upper = false;
    bool allow_inf_nan = false;
    Tense tense = Tense::any;
    std::uint8_t uuid_version = 0;  ///< 0: any.
    bool read_only = false;
    bool write_only = false;
    bool exclude = false;
    bool unscanned = false;
    bool extras = false;
    bool has_factory = false;

    std::span<const Mark> marks;
};

/// Identifies a kind of mark: its address.
template <class T>
inline constexpr char kMarkKind = 0;

/// The mark of type T among the annotations of a slot, or null.
///
///     if (const auto* key = mark<PrimaryKey>(field.slot.annotations)) …
template <class T>
[[nodiscard]] const T* mark(const Annotations* annotations) noexcept {
    if (annotations == nullptr) return nullptr;
    for (const Mark& each : annotations->marks) {
        if (each.kind == &kMarkKind<T>) return static_cast<const T*>(each.value);
    }
    return nullptr;
}

}  // namespace portico::model
