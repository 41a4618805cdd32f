#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "portico/model/details.hpp"
#include "portico/model/members.hpp"

/// Reflection as far as C++23 has it: how many members an aggregate has, what they are called,
/// where they lie. C++26 will replace this header; what it makes, `ModelDetails`, stays.
namespace portico::model {

/// The members of a class that the compiler's own view does not reach: one with a base class,
/// private members or a constructor. Only those that are listed are members of the model.
///
///     class Account : public Person {
///     public:
///         static constexpr Fields<&Account::name, &Account::balance_> fields{};
template <auto... Pointers>
struct Fields {
    static constexpr std::size_t kCount = sizeof...(Pointers);
};

/// Functions of a model without arguments whose results are answered as members are, after the
/// others, and never read. Listed below them in the class:
///
///     double total() const { return price * count; }
///     static constexpr Computed<&Order::total> computed_fields{};
///
/// What such a function returns may be an `Annotated<…>`, for its description or alias.
template <auto... Functions>
struct Computed {
    static constexpr std::size_t kCount = sizeof...(Functions);
};

namespace detail {

/// Stands for any member while they are counted.
struct AnyMember {
    std::size_t index;
    /// Never called; defined because a type of an unnamed namespace wants it to be.
    template <class T>
    operator T() const {  // NOLINT(google-explicit-constructor)
        std::unreachable();
    }
};

template <class T, std::size_t... I>
consteval bool takes(std::index_sequence<I...>) {
    return requires { T{AnyMember{I}...}; };
}

/// The largest number of initialisers that T takes. The smaller ones may not do: a member without
/// a default, left out, does not compile.
template <class T, std::size_t N = 0, bool Seen = false>
consteval std::size_t count_members() {
    constexpr bool kTakes = takes<T>(std::make_index_sequence<N>{});
    if constexpr (Seen && !kTakes) {
        return N - 1;
    } else {
        static_assert(N <= kMostMembers,
                      "portico: a model has at most 64 members, and no C arrays, references or "
                      "members that can't be moved; list others in a member `fields`");
        if constexpr (N <= kMostMembers) {
            return count_members<T, N + 1, kTakes || Seen>();
        } else {
            return 0;
        }
    }
}

template <class T>
concept ListsFields = requires { T::fields.kCount; };

template <auto... Pointers, class Visit, class T>
void visit_fields(Fields<Pointers...>, T& object, Visit visit) {
    visit(object.*Pointers...);
}

template <auto... Pointers>
consteval const char* spell_fields(Fields<Pointers...>) {
    return spell<Pointers...>();
}

template <class T>
consteval std::size_t member_count() {
    if constexpr (ListsFields<T>) {
        static_assert(T::fields.kCount <= kMostMembers, "portico: a model has at most 64 members");
        return T::fields.kCount;
    } else {
        return count_members<T>();
    }
}

template <class T>
consteval std::string_view member_names() {
    if constexpr (ListsFields<T>) {
        return spell_fields(T::fields);
    } else if constexpr (member_count<T>() == 0) {
        return {};
    } else {
        return Members<member_count<T>()>::template names<T>();
    }
}

/// Calls `visit` with all the members of the object.
template <class T, class Visit>
void visit_members(T& object, Visit visit) {
    if constexpr (ListsFields<T>) {
        visit_fields(T::fields, object, visit);
    } else if constexpr (member_count<T>() == 0) {
        visit();
    } else {
        Members<member_count<T>()>::visit(object, visit);
    }
}

/// "ItemCreate" of "… T = shop::ItemCreate]": without namespaces, template arguments kept.
consteval std::string_view short_name(std::string_view pretty) {
    const auto start = pretty.find("T = ") + 4;
    auto end = pretty.find_first_of(";]", start);
    // The arguments of a template may hold neither; a lambda's type may.
    if (end == std::string_view::npos) end = pretty.size();
    std::string_view name = pretty.substr(start, end - start);
    std::size_t from = 0;
    int depth = 0;
    for (std::size_t i = 0; i + 1 < name.size(); ++i) {
        if (name[i] == '<' || name[i] == '(') ++depth;
        if (name[i] == '>' || name[i] == ')') --depth;
        if (depth == 0 && name[i] == ':' && name[i + 1] == ':') from = i + 2;
    }
    return name.substr(from);
}

template <class T>
consteval std::string_view type_name() {
    return short_name(__PRETTY_FUNCTION__);
}
/// With namespaces: "shop::ItemCreate" is in it.
template <class T>
consteval std::string_view pretty_type() {
    return __PRETTY_FUNCTION__;
}

}  // namespace detail
}  // namespace portico::model
