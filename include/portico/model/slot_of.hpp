#pragma once

#include <concepts>
#include <cstddef>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "portico/model/annotated.hpp"
#include "portico/model/details.hpp"
#include "portico/model/json.hpp"
#include "portico/model/reflection.hpp"
#include "portico/model/type.hpp"
#include "portico/model/type_traits.hpp"
#include "portico/model/validation_errors.hpp"

/// The front end: from a C++ type to its table. Everything here is instantiated for each type of
/// each model, so it only fills in tables; what is done with them is compiled once, in src/model.
namespace portico::model {

/// The slot of T, which may be an `Annotated<…>`: constant, free to ask for.
template <class T>
[[nodiscard]] constexpr Slot slot_of() noexcept;

namespace detail {

template <class T>
struct TypeOf;

// ---- what every type can do

template <class T>
void construct(void* at) {
    ::new (at) T;
}
template <class T>
void destroy(void* at) noexcept {
    static_cast<T*>(at)->~T();
}
template <class T>
void move(void* to, void* from) {
    ::new (to) T(std::move(*static_cast<T*>(from)));
}
template <class T>
void copy(void* to, const void* from) {
    ::new (to) T(*static_cast<const T*>(from));
}
/// A container says that it can be copied, even when its items can't; and so says what holds it.
template <class T>
inline constexpr bool kCopies = std::copy_constructible<T>;
template <class T>
    requires requires { typename T::value_type; }
inline constexpr bool kCopies<T> = std::copy_constructible<T> && kCopies<typename T::value_type>;
template <template <class...> class T, class... Item>
    requires(!requires { typename T<Item...>::value_type; } && sizeof...(Item) > 0)
inline constexpr bool kCopies<T<Item...>> =
    std::copy_constructible<T<Item...>> && (kCopies<Item> && ...);
template <class T>
consteval auto copy_of() -> void (*)(void*, const void*) {
    if constexpr (kCopies<T>) return &copy<T>;
    return nullptr;
}

template <class T>
inline constexpr Type kType{
    .kind = TypeOf<T>::kKind,
    .name = TypeOf<T>::kName,
    .size = sizeof(T),
    .alignment = alignof(T),
    .construct = &construct<T>,
    .destroy = &destroy<T>,
    .move = &move<T>,
    .copy = copy_of<T>(),
    .details = TypeOf<T>::details(),
};

// ---- models

template <class T>
inline constexpr std::uint32_t kScalarBytes = std::is_scalar_v<T> ? sizeof(T) : 0;

template <class T>
inline constexpr bool kIsAnnotated = false;
template <class T, auto... C>
inline constexpr bool kIsAnnotated<Annotated<T, C...>> = true;

template <class T>
void list_members(void* object, RawMember* to) {
    visit_members(*static_cast<T*>(object), [to]<class... M>(M&... member) {
        auto* next = to;
        ((*next++ = {&member, slot_of<M>(), kScalarBytes<M>, kIsAnnotated<M>}), ...);
    });
}

template <class T>
concept ChecksItself = requires(T& object) {
    { object.validate() } -> std::same_as<std::optional<std::string>>;
};
template <class T>
concept ListsItsErrors = requires(T& object, ValidationErrors& errors) { object.validate(errors); };

template <class T>
void validate(void* object, ValidationErrors& errors) {
    if constexpr (ListsItsErrors<T>) {
        static_cast<T*>(object)->validate(errors);
    } else if (auto wrong = static_cast<T*>(object)->validate()) {
        errors.add(*std::move(wrong));
    }
}

template <class T, auto F>
void get_computed(const void* object, void* context, RawComputed::Visit visit) {
    const auto value = (static_cast<const T*>(object)->*F)();
    visit(context, &value);
}
template <class T, class List>
struct ComputedOf;
template <class T, auto... F>
struct ComputedOf<T, Computed<F...>> {
    static constexpr RawComputed kRaw[] = {
        {slot_of<decltype((std::declval<const T&>().*F)())>(), &get_computed<T, F>}...};
    static constexpr std::string_view kPretty = spell<F...>();
};

template <class T>
inline constinit std::atomic<const ModelTable*> kModelCell{nullptr};

template <class T>
consteval ModelDetails model_details() {
    ModelDetails details{.count = member_count<T>(),
                         .list = &list_members<T>,
                         .pretty = member_names<T>(),
                         .pretty_type = pretty_type<T>(),
                         .config = {},
                         .validate = nullptr,
                         .before_validate = nullptr,
                         .computed = {},
                         .pretty_computed = {},
                         .cell = &kModelCell<T>};
    if constexpr (requires { T::model_config; }) details.config = T::model_config;
    if constexpr (ChecksItself<T> || ListsItsErrors<T>) details.validate = &validate<T>;
    if constexpr (requires { &T::before_validate; }) details.before_validate = &T::before_validate;
    if constexpr (requires { T::computed_fields; }) {
        using Functions = ComputedOf<T, std::remove_cv_t<decltype(T::computed_fields)>>;
        details.computed = Functions::kRaw;
        details.pretty_computed = Functions::kPretty;
    }
    return details;
}

template <class T>
inline constexpr ModelDetails kModelDetails = model_details<T>();

// ---- enums

inline constexpr std::int64_t kFirstEnumValue = -8;
inline constexpr std::int64_t kLastEnumValue = 64;

template <class T>
inline constinit std::atomic<const std::span<const EnumValue>*> kEnumCell{nullptr};

template <class T, std::int64_t First, std::size_t... I>
consteval std::string_view enum_names(std::index_sequence<I...>) {
    return spell<static_cast<T>(First + static_cast<std::int64_t>(I))...>();
}

template <class T>
consteval EnumDetails enum_details() {
    using Number = std::underlying_type_t<T>;
    EnumDetails details{.values = {},
                        .pretty = {},
                        .pretty_type = pretty_type<T>(),
                        .first = 0,
                        .bytes = sizeof(T),
                        .is_signed = std::is_signed_v<Number>,
                        .cell = &kEnumCell<T>};
    if constexpr (requires { TypeTraits<T>::by_value; }) {
        details.by_value = TypeTraits<T>::by_value;
    }
    if constexpr (requires { TypeTraits<T>::values; }) {
        details.values = TypeTraits<T>::values;
    } else {
        static_assert(
            requires { T{0}; },
            "portico: the names of this enum can't be found: make it an enum class, or "
            "list them in portico::model::TypeTraits<T>::values");
        constexpr std::int64_t kFirst = std::is_signed_v<Number> ? kFirstEnumValue : 0;
        details.first = kFirst;
        if constexpr (requires { T{0}; }) {
            constexpr auto kCount = static_cast<std::size_t>(kLastEnumValue - kFirst + 1);
            details.pretty = enum_names<T, kFirst>(std::make_index_sequence<kCount>{});
        }
    }
    return details;
}

template <class T>
inline constexpr EnumDetails kEnumDetails = enum_details<T>();

// ---- types with a text form of the user's

template <class T>
bool parse_text(std::string_view text, void* out, TextFault& fault) {
    auto parsed = TypeTraits<T>::parse(text);
    if (parsed) {
        *static_cast<T*>(out) = std::move(*parsed);
        return true;
    }
    fault = {"value_error", "Value error, " + std::string(parsed.error()), R"({"error":{}})"};
    return false;
}
template <class T>
void print_text(const void* value, std::string& out) {
    out += TypeTraits<T>::print(*static_cast<const T*>(value));
}

template <class T>
consteval TextDetails text_details() {
    TextDetails details{
        .parse = &parse_text<T>, .print = &print_text<T>, .schema = R"({"type":"string"})"};
    if constexpr (requires { TypeTraits<T>::schema; }) details.schema = TypeTraits<T>::schema;
    return details;
}

template <class T>
inline constexpr TextDetails kTextDetails = text_details<T>();

// ---- the kind of a type

template <class T>
concept HasText = requires { &TypeTraits<T>::parse; };
template <class T>
concept IsModel = std::is_class_v<T> && (std::is_aggregate_v<T> || ListsFields<T>);

/// Enums, models, types with a text form, and what is none of them.
template <class T>
struct TypeOf {
    static_assert(std::is_enum_v<T> || HasText<T> || IsModel<T>,
                  "portico: this member's type can't be read from JSON: specialise "
                  "portico::model::TypeTraits for it (or make it a struct without constructors, "
                  "bases and private members, or list its members in `fields`)");

    static constexpr Kind kKind = HasText<T>          ? Kind::text
                                  : std::is_enum_v<T> ? Kind::enumerator
                                                      : Kind::object;
    static constexpr std::string_view kName = [] {
        if constexpr (requires { TypeTraits<T>::name; }) {
            return std::string_view(TypeTraits<T>::name);
        } else {
            return type_name<T>();
        }
    }();
    static consteval const void* details() {
        if constexpr (HasText<T>) {
            return &kTextDetails<T>;
        } else if constexpr (std::is_enum_v<T>) {
            return &kEnumDetails<T>;
        } else if constexpr (IsModel<T>) {
            return &kModelDetails<T>;
        }
        return nullptr;
    }
};

/// The library's own text types bring their details along.
template <class T>
    requires requires { TypeTraits<T>::kText; }
struct TypeOf<T> {
    static constexpr Kind kKind = Kind::text;
    static constexpr std::string_view kName = TypeTraits<T>::kName;
    static consteval const void* details() { return &TypeTraits<T>::kText; }
};

template <>
struct TypeOf<bool> {
    static constexpr Kind kKind = Kind::boolean;
    static constexpr std::string_view kName = "bool";
    static consteval const void* details() { return nullptr; }
};

template <class T>
    requires(std::is_integral_v<T> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
             !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>)
struct TypeOf<T> {
    static constexpr Kind kKind = Kind::integer;
    static constexpr std::string_view kName = "int";
    static constexpr IntegerDetails kDetails{std::is_signed_v<T>, sizeof(T)};
    static consteval const void* details() { return &kDetails; }
};

template <class T>
    requires(std::same_as<T, float> || std::same_as<T, double>)
struct TypeOf<T> {
    static constexpr Kind kKind = Kind::number;
    static constexpr std::string_view kName = "float";
    static constexpr NumberDetails kDetails{std::same_as<T, float>};
    static consteval const void* details() { return &kDetails; }
};

template <>
struct TypeOf<std::string> {
    static constexpr Kind kKind = Kind::string;
    static constexpr std::string_view kName = "str";
    static consteval const void* details() { return nullptr; }
};

template <>
struct TypeOf<Json> {
    static constexpr Kind kKind = Kind::any;
    static constexpr std::string_view kName = "any";
    static consteval const void* details() { return nullptr; }
};

}  // namespace detail
}  // namespace portico::model

#include "portico/model/containers.hpp"  // IWYU pragma: keep

namespace portico::model {
namespace detail {

// ---- annotations

template <class M, auto C>
inline constexpr M kMarkValue = [] {
    if constexpr (requires { C.value(); }) {
        return C.value();
    } else {
        return C;
    }
}();

template <auto C>
inline constinit Pattern kPattern{C.view()};

/// The value that a check sees: an optional is checked when it has one.
template <class T>
struct CheckedValue {
    using Type = T;
};
template <class T>
    requires(OptionalLike<T>)
struct CheckedValue<T> {
    using Type = typename T::value_type;
};

template <class T, auto First, auto... Rest>
std::optional<std::string> run_checks(void* value) {
    if constexpr (IsCheck<decltype(First)>) {
        if (auto wrong = First.function(*static_cast<typename CheckedValue<T>::Type*>(value))) {
            return wrong;
        }
    }
    if constexpr ((IsCheck<decltype(Rest)> || ...)) return run_checks<T, Rest...>(value);
    return std::nullopt;
}
template <auto First, auto... Rest>
std::optional<std::string> run_before(Json& input) {
    if constexpr ((IsBefore<decltype(Rest)> || ...)) {
        if (auto wrong = run_before<Rest...>(input)) return wrong;
    }
    if constexpr (IsBefore<decltype(First)>) return First.function(input);
    return std::nullopt;
}
template <class T, auto First, auto... Rest>
std::optional<std::string> run_wrap(Json& input, void* value, WrappedRead& read) {
    static_assert(!IsWrap<decltype(First)> || !(IsWrap<decltype(Rest)> || ...),
                  "portico: a value has one wrap_validator");
    if constexpr (IsWrap<decltype(First)>) {
        return First.function(input, *static_cast<T*>(value), read);
    } else {
        return run_wrap<T, Rest...>(input, value, read);
    }
}
template <class T, auto C>
inline constinit Discriminator kDiscriminator{C.view()};

template <class T, auto C>
constexpr void flatten_one(Annotations& to, [[maybe_unused]] Mark*& marks) {
    using Constraint = std::remove_cvref_t<decltype(C)>;
    if constexpr (requires { Constraint::kIsPattern; }) {
        to.pattern = &kPattern<C>;
    } else if constexpr (requires { Constraint::kIsDiscriminator; }) {
        to.discriminator = &kDiscriminator<T, C>;
    } else if constexpr (IsCheck<Constraint> || IsBefore<Constraint> || IsWrap<Constraint>) {
        // All at once, below: their order counts.
    } else if constexpr (requires { C.apply(to); }) {
        C.apply(to);
    } else {
        using M = typename Constraint::Mark;
        *marks++ = {&kMarkKind<M>, &kMarkValue<M, C>};
    }
}

template <class T, auto... C>
struct Flattened {
    // One more than there are, so that it is never empty.
    std::array<Mark, sizeof...(C) + 1> marks{};
    std::size_t count = 0;
    Annotations annotations;

    consteval Flattened() {
        Mark* next = marks.data();
        (flatten_one<T, C>(annotations, next), ...);
        count = static_cast<std::size_t>(next - marks.data());
    }
};

template <class T, auto... C>
inline constexpr Flattened<T, C...> kFlattened;

template <class T, auto... C>
inline constexpr Annotations kAnnotations = [] {
    Annotations annotations = kFlattened<T, C...>.annotations;
    annotations.marks = {kFlattened<T, C...>.marks.data(), kFlattened<T, C...>.count};
    if constexpr ((IsCheck<decltype(C)> || ...)) annotations.check = &run_checks<T, C...>;
    if constexpr ((IsBefore<decltype(C)> || ...)) annotations.before = &run_before<C...>;
    if constexpr ((IsWrap<decltype(C)> || ...)) annotations.wrap = &run_wrap<T, C...>;
    return annotations;
}();

template <class T>
struct SlotOf {
    static constexpr Slot kSlot{&kType<T>, nullptr};
};
template <class T>
    requires(!kIsAnnotated<T>)
struct SlotOf<Annotated<T>> : SlotOf<T> {};
template <class T, auto First, auto... C>
    requires(!kIsAnnotated<T>)
struct SlotOf<Annotated<T, First, C...>> {
    static_assert(sizeof(Annotated<T, First, C...>) == sizeof(T));
    static constexpr Slot kSlot{&kType<T>, &kAnnotations<T, First, C...>};
};
template <class T, auto... Inner, auto... Outer>
struct SlotOf<Annotated<Annotated<T, Inner...>, Outer...>>
    : SlotOf<Annotated<T, Inner..., Outer...>> {};

}  // namespace detail

template <class T>
constexpr Slot slot_of() noexcept {
    return detail::SlotOf<std::remove_cv_t<T>>::kSlot;
}

}  // namespace portico::model
