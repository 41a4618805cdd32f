#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "portico/model/slot_of.hpp"

namespace portico::model {

namespace detail {

/// The bit of a member; throws std::logic_error where there is none: of extras.
[[nodiscard]] std::uint64_t sent_bit(const Type& model, std::size_t offset);
[[nodiscard]] std::vector<std::string_view> sent_names(const Type& model, std::uint64_t sent);
void apply_sent(const Type& model, const void* object, std::uint64_t sent, const Type& target_model,
                void* target);

}  // namespace detail

/// A model of which any member may be absent: the body of a PATCH. Its members are those of T, with
/// their constraints; none is required, and which were sent is known.
///
///     app.patch("/items/{id}", [](Path<int, "id"> id, Partial<ItemCreate> changes) {
///         if (changes.sent(&ItemCreate::price)) log_price_change(changes->price);
///         changes.apply_to(row);      // copies what was sent to the members of the same name
///     });
template <class T>
class Partial {
    static_assert(detail::IsModel<T>, "portico: Partial<T> is for models");

public:
    Partial() : value_() {}

    /// The members; one that was not sent has its default.
    [[nodiscard]] const T& operator*() const noexcept { return value_; }
    [[nodiscard]] const T* operator->() const noexcept { return &value_; }

    /// Whether this member was in the input, null included.
    template <class M>
    [[nodiscard]] bool sent(M T::* member) const {
        return (sent_ & bit_of(member)) != 0;
    }
    /// The names of the members that were sent, as they are spelled in T, in order.
    [[nodiscard]] std::vector<std::string_view> sent() const {
        return detail::sent_names(detail::kType<T>, sent_);
    }
    /// Nothing was sent.
    [[nodiscard]] bool empty() const noexcept { return sent_ == 0; }

    /// Gives a member a value, and counts it as sent: an answer has those members alone.
    ///
    ///     Partial<ItemPublic> brief;
    ///     brief.set(&ItemPublic::id, item.id);    // {"id":7}
    template <class M, class V>
    void set(M T::* member, V&& value) {
        const std::uint64_t bit = bit_of(member);
        value_.*member = std::forward<V>(value);
        sent_ |= bit;
    }
    /// The member counts as not sent.
    template <class M>
    void unset(M T::* member) {
        sent_ &= ~bit_of(member);
    }

    /// Copies each member that was sent to the member of the same name. A member may be optional on
    /// either side; null leaves a member that can't be null as it is. Other differences of type,
    /// and a member that the target lacks, throw std::logic_error: a mistake of the program.
    template <class U>
    void apply_to(U& target) const {
        detail::apply_sent(detail::kType<T>, &value_, sent_, detail::kType<U>, &target);
    }

private:
    template <class M>
    [[nodiscard]] std::uint64_t bit_of(M T::* member) const {
        const auto* start = reinterpret_cast<const char*>(&value_);
        const auto* at = reinterpret_cast<const char*>(&(value_.*member));
        return detail::sent_bit(detail::kType<T>, static_cast<std::size_t>(at - start));
    }

    template <class U>
    friend struct detail::TypeOf;

    T value_;
    std::uint64_t sent_ = 0;
};

namespace detail {

template <class T>
struct TypeOf<Partial<T>> {
    static constexpr Kind kKind = Kind::partial;
    static constexpr std::string_view kName = TypeOf<T>::kName;

    static void* sent(void* at) { return &static_cast<Partial<T>*>(at)->sent_; }
    static void* value(void* at) { return &static_cast<Partial<T>*>(at)->value_; }
    static constexpr PartialDetails kDetails{&kType<T>, &value, &sent};
    static consteval const void* details() { return &kDetails; }
};

}  // namespace detail
}  // namespace portico::model
