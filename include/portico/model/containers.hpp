#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>

#include "portico/model/details.hpp"
#include "portico/model/fits.hpp"
#include "portico/model/type.hpp"

/// Optionals, lists, sets, tuples, maps and variants as tables. They are told by what they can do,
/// so that this header includes none of them. Included by `slot_of.hpp`.
namespace portico::model {

template <class T>
[[nodiscard]] constexpr Slot slot_of() noexcept;

namespace detail {

template <class T>
struct TypeOf;

// ---- std::optional, std::unique_ptr

template <class T>
    requires(OptionalLike<T>)
struct TypeOf<T> {
    static constexpr Kind kKind = Kind::optional;
    static constexpr std::string_view kName = "optional";

    static void* emplace(void* at) { return &static_cast<T*>(at)->emplace(); }
    static void reset(void* at) { static_cast<T*>(at)->reset(); }
    static const void* get(const void* at) {
        const auto& optional = *static_cast<const T*>(at);
        return optional.has_value() ? &*optional : nullptr;
    }
    static constexpr OptionalDetails kDetails{slot_of<typename T::value_type>(), &emplace, &reset,
                                              &get};
    static consteval const void* details() { return &kDetails; }
};

template <class T>
    requires(PointerLike<T>)
struct TypeOf<T> {
    using Item = typename T::element_type;
    static constexpr Kind kKind = Kind::optional;
    static constexpr std::string_view kName = "optional";

    static void* emplace(void* at) {
        auto& pointer = *static_cast<T*>(at);
        pointer.reset(new Item());
        return pointer.get();
    }
    static void reset(void* at) { static_cast<T*>(at)->reset(); }
    static const void* get(const void* at) { return static_cast<const T*>(at)->get(); }
    static constexpr OptionalDetails kDetails{slot_of<Item>(), &emplace, &reset, &get};
    static consteval const void* details() { return &kDetails; }
};

// ---- std::vector, std::deque, std::list, std::set, std::unordered_set

template <class T>
std::size_t size_of(const void* at) {
    return static_cast<const T*>(at)->size();
}
template <class T>
void clear(void* at) {
    static_cast<T*>(at)->clear();
}
template <class T>
void each_item(const void* at, void* context, ArrayDetails::Each visit) {
    for (const auto& item : *static_cast<const T*>(at)) visit(context, &item);
}

template <class T>
    requires(ListLike<T> && !std::is_base_of_v<std::string, T>)
struct TypeOf<T> {
    using Item = typename T::value_type;
    static_assert(std::is_same_v<typename T::reference, Item&>,
                  "portico: a std::vector<bool> has no bools in it: use std::deque<bool>");
    static constexpr Kind kKind = Kind::array;
    static constexpr std::string_view kName = "list";

    static void* append(void* at) {
        auto& list = *static_cast<T*>(at);
        list.emplace_back();
        return &list.back();
    }
    static bool insert(void* at, void* item) {
        static_cast<T*>(at)->push_back(std::move(*static_cast<Item*>(item)));
        return true;
    }
    static constexpr ArrayDetails kDetails{
        slot_of<Item>(), ArrayDetails::Shape::list, &append, &insert, &clear<T>, &size_of<T>,
        &each_item<T>};
    static consteval const void* details() { return &kDetails; }
};

template <class T>
    requires(SetLike<T>)
struct TypeOf<T> {
    using Item = typename T::key_type;
    static constexpr Kind kKind = Kind::array;
    static constexpr std::string_view kName = "set";

    static bool insert(void* at, void* item) {
        return static_cast<T*>(at)->insert(std::move(*static_cast<Item*>(item))).second;
    }
    static constexpr ArrayDetails kDetails{
        slot_of<Item>(), ArrayDetails::Shape::set, nullptr, &insert, &clear<T>, &size_of<T>,
        &each_item<T>};
    static consteval const void* details() { return &kDetails; }
};

// ---- std::tuple, std::pair, std::array

template <class T>
concept TupleLike = requires { std::tuple_size<T>::value; };

template <class T, class Indices>
struct Elements;
template <class T, std::size_t... I>
struct Elements<T, std::index_sequence<I...>> {
    static constexpr Slot kSlots[] = {slot_of<std::tuple_element_t<I, T>>()...};
};

template <class T>
    requires(TupleLike<T>)
struct TypeOf<T> {
    static constexpr std::size_t kCount = std::tuple_size<T>::value;
    static_assert(kCount > 0, "portico: a tuple without elements can't be read from JSON");
    static constexpr bool kIsArray = requires { typename T::value_type; };
    static constexpr Kind kKind = Kind::tuple;
    static constexpr std::string_view kName = kIsArray ? "list" : "tuple";

    template <std::size_t I = 0>
    static void* element(void* at, std::size_t index) {
        T& tuple = *static_cast<T*>(at);
        if constexpr (kIsArray) {
            return &tuple[index];
        } else {
            if (index == I) return &get<I>(tuple);
            if constexpr (I + 1 < kCount) return element<I + 1>(at, index);
            return nullptr;
        }
    }
    static constexpr TupleDetails kDetails{
        Elements<T, std::make_index_sequence<kIsArray ? 1 : kCount>>::kSlots, kCount, kIsArray,
        &element<0>};
    static consteval const void* details() { return &kDetails; }
};

// ---- std::map, std::unordered_map

template <class T>
    requires(MapLike<T>)
struct TypeOf<T> {
    using Key = typename T::key_type;
    static constexpr Slot kKey = slot_of<Key>();
    static_assert(kKey.type->kind <= Kind::enumerator && kKey.type->kind != Kind::number,
                  "portico: the keys of a JSON object are texts: use a map whose keys are "
                  "std::string, an integer, an enum or a type with a text form");
    static constexpr Kind kKind = Kind::map;
    static constexpr std::string_view kName = "dict";

    static void* insert(void* at, void* key) {
        auto& map = *static_cast<T*>(at);
        auto& its_key = *static_cast<Key*>(key);
        map.erase(its_key);
        return &map.try_emplace(std::move(its_key)).first->second;
    }
    static void each(const void* at, void* context, MapDetails::Each visit) {
        for (const auto& [key, value] : *static_cast<const T*>(at)) visit(context, &key, &value);
    }
    static constexpr MapDetails kDetails{
        kKey, slot_of<typename T::mapped_type>(), &insert, &clear<T>, &size_of<T>, &each};
    static consteval const void* details() { return &kDetails; }
};

// ---- std::variant

template <class T>
concept VariantLike = requires(const T& variant) {
    variant.valueless_by_exception();
    variant.index();
};

template <class T>
struct Alternatives;
template <template <class...> class V, class... A>
struct Alternatives<V<A...>> {
    using Tuple = std::tuple<A...>;
    static constexpr Slot kSlots[] = {slot_of<A>()...};
};

template <class T>
    requires(VariantLike<T>)
struct TypeOf<T> {
    using List = Alternatives<T>;
    static constexpr std::size_t kCount = std::size(List::kSlots);
    static constexpr Kind kKind = Kind::variant;
    static constexpr std::string_view kName = "union";

    template <std::size_t I = 0>
    static void assign(void* at, std::size_t index, void* value) {
        using Item = std::tuple_element_t<I, typename List::Tuple>;
        if (index == I) {
            static_cast<T*>(at)->template emplace<I>(std::move(*static_cast<Item*>(value)));
        } else if constexpr (I + 1 < kCount) {
            assign<I + 1>(at, index, value);
        }
    }
    template <std::size_t I = 0>
    static const void* get(const void* at) {
        const T& variant = *static_cast<const T*>(at);
        if (variant.index() == I) return get_if<I>(&variant);
        if constexpr (I + 1 < kCount) return get<I + 1>(at);
        return nullptr;
    }
    static std::size_t index(const void* at) { return static_cast<const T*>(at)->index(); }
    static constexpr VariantDetails kDetails{List::kSlots, &assign<0>, &index, &get<0>};
    static consteval const void* details() { return &kDetails; }
};

}  // namespace detail
}  // namespace portico::model
