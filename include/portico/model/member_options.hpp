#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

#include "portico/model/constraints.hpp"

/// What may stand in `Annotated<T, …>` besides constraints: other names, one direction only, how a
/// value is made and checked.
namespace portico::model {

// ---- names for `ModelConfig::alias_generator`, as Pydantic's functions of these names

/// "user_name" is "userName".
[[nodiscard]] std::string to_camel(std::string_view name);
/// "user_name" is "UserName".
[[nodiscard]] std::string to_pascal(std::string_view name);
/// "user_name" is "user-name".
[[nodiscard]] std::string to_kebab(std::string_view name);

/// Which member of a variant's alternatives tells them apart, and by which values. Used by one
/// `Annotated<std::variant<…>, discriminator(…)>`.
struct Discriminator {
    std::string_view member;
    std::atomic<const void*> tags{nullptr};  ///< Made at the first use.
};

/// The reading that a `wrap_validator` is around.
class WrappedRead {
public:
    /// Reads the input, as it is now, into the value, with everything that is declared of it. True:
    /// it is right. Else its faults are the answer, unless they are forgotten.
    virtual bool operator()() = 0;
    /// The faults are none: the value is what the validator makes of it.
    virtual void forget() noexcept = 0;

protected:
    ~WrappedRead() = default;
};

namespace detail {

template <class C>
concept IsWrap = requires { C::kIsWrap; };
template <class C>
concept IsCheck = requires { C::kIsCheck; };
template <class C>
concept IsBefore = requires { C::kIsBefore; };
template <class C>
concept IsFactory = requires { C::kIsFactory; };

template <auto... C>
inline constexpr bool kHasFactory = (IsFactory<decltype(C)> || ...);

template <auto First, auto... Rest>
auto make_default() {
    if constexpr (IsFactory<decltype(First)>) {
        return First.function();
    } else {
        return make_default<Rest...>();
    }
}

}  // namespace detail

// NOLINTBEGIN(readability-identifier-naming): they are written as functions are.

/// The member's name in what is sent alone; `alias` is for both ways. May be given up to four
/// times: of the names that were sent the one written first counts, the others are unknown members.
/// One that begins with "/" is a JSON Pointer (RFC 6901) into the model's object, for JSON alone:
/// `validation_alias("name"), validation_alias("/user/names/0")`.
template <std::size_t N>
struct validation_alias : detail::Literal<N> {
    consteval explicit validation_alias(const char (&literal)[N]) : detail::Literal<N>(literal) {}
    static constexpr Fits kFits = Fits::anything;
    constexpr void apply(Annotations& to) const {
        if (to.validation_alias_count == Annotations::kMostAliases) {
            throw "at most four validation aliases";
        }
        to.validation_aliases[to.validation_alias_count++] = this->view();
    }
};

/// The member's name in what is answered alone.
template <std::size_t N>
struct serialization_alias : detail::Literal<N> {
    consteval explicit serialization_alias(const char (&literal)[N])
        : detail::Literal<N>(literal) {}
    static constexpr Fits kFits = Fits::anything;
    constexpr void apply(Annotations& to) const { to.serialization_alias = this->view(); }
};

/// Answered, never taken: what is sent for it is passed over as an unknown member is.
struct ReadOnly {
    static constexpr Fits kFits = Fits::anything;
    constexpr void apply(Annotations& to) const { to.read_only = true; }
};
inline constexpr ReadOnly read_only{};

/// Taken, never answered: a password. `Annotated<std::string, write_only>`
struct WriteOnly {
    static constexpr Fits kFits = Fits::anything;
    constexpr void apply(Annotations& to) const { to.write_only = true; }
};
inline constexpr WriteOnly write_only{};

/// Never written; read as before, and not called `writeOnly` in the schema.
struct Exclude {
    static constexpr Fits kFits = Fits::anything;
    constexpr void apply(Annotations& to) const { to.exclude = true; }
};
inline constexpr Exclude exclude{};

/// May hold anything by right, such as a rich text: who searches requests for attacks leaves it
/// out, as it does secrets. Of a parameter too. `Annotated<std::string, unscanned>`
struct Unscanned {
    static constexpr Fits kFits = Fits::anything;
    constexpr void apply(Annotations& to) const { to.unscanned = true; }
};
inline constexpr Unscanned unscanned{};

/// Where members that the model does not know are kept (`Extra::allow`), and written back from:
/// `Annotated<std::map<std::string, Json>, extras> rest = empty;`
struct Extras {
    static constexpr Fits kFits = Fits::maps;
    constexpr void apply(Annotations& to) const { to.extras = true; }
};
inline constexpr Extras extras{};

/// The alternatives of a variant are told apart by this member of theirs, whose value is a
/// constant: `Annotated<std::variant<Cat, Dog>, discriminator("kind")>`.
template <std::size_t N>
struct discriminator : detail::Literal<N> {
    consteval explicit discriminator(const char (&literal)[N]) : detail::Literal<N>(literal) {}
    static constexpr Fits kFits = Fits::unions;
    static constexpr bool kIsDiscriminator = true;
};

/// A default that is made anew for each object, and not shown in the schema:
/// `Annotated<Uuid, default_factory(&new_id)> id;`. So is the one of `= new_id()`, but the schema
/// would show one of them.
template <class F>
struct default_factory {
    F function;
    consteval explicit default_factory(F from) : function(from) {}
    static constexpr Fits kFits = Fits::anything;
    static constexpr bool kIsFactory = true;
    constexpr void apply(Annotations& to) const { to.has_factory = true; }
};

/// Sees what was sent before it is read, and may change it: from `Json&` to
/// std::optional<std::string>, as with `check`. Several run from the last to the first. What is
/// sent is parsed twice for it. A number that stays as it is keeps all the digits it was sent with.
template <class F>
struct before_validator {
    F function;
    consteval explicit before_validator(F from) : function(from) {}
    static constexpr Fits kFits = Fits::anything;
    static constexpr bool kIsBefore = true;
};

/// A `check` that takes the value by reference and may change it. In the order in which they are
/// written, checks among them, until one finds fault.
template <class F>
struct after_validator {
    F function;
    consteval explicit after_validator(F from) : function(from) {}
    static constexpr Fits kFits = Fits::anything;
    static constexpr bool kIsCheck = true;
};

/// Goes around the reading of a value, and before its before_validators: from (Json& input, T&
/// value, WrappedRead& read) to std::optional<std::string>, as with `check`. One for a value. Where
/// it does not call `read`, the value is what it assigns.
///
///     Annotated<int, wrap_validator([](Json&, int& value, WrappedRead& read) {
///         if (!read()) {          // what is no number is 0
///             read.forget();
///             value = 0;
///         }
///         return std::optional<std::string>();
///     })> count;
template <class F>
struct wrap_validator {
    F function;
    consteval explicit wrap_validator(F from) : function(from) {}
    static constexpr Fits kFits = Fits::anything;
    static constexpr bool kIsWrap = true;
};

// NOLINTEND(readability-identifier-naming)

}  // namespace portico::model
