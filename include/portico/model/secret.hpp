#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "portico/model/constraints.hpp"
#include "portico/model/details.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model {
namespace detail {

/// Overwrites, however little the optimiser thinks of it.
void wipe(void* at, std::size_t size) noexcept;
/// Its capacity too: a longer text may have been there before.
void wipe(std::string& text) noexcept;

/// Reads a value from a text or a JSON number; the fault has nothing of the input in it.
[[nodiscard]] bool read_secret(Slot slot, std::string_view text, bool is_number, void* out,
                               TextFault& fault);

}  // namespace detail

/// A password, key or number of a card: never shown. JSON, logs and faults have "**********"
/// instead, and so has the echo of an input that a secret is part of. `reveal()` is the one way to
/// it. T is read from a text, or is a number: `Secret<Uuid>`, `Secret<Annotated<int, ge(1000)>>`.
///
/// The memory of texts and of what is trivially copyable is wiped when it is destroyed or
/// replaced, as far as one object can see to that. There is no comparison: compare secrets in
/// constant time (crypto room).
template <class T>
class Secret {
public:
    static constexpr std::string_view kMask = "**********";

    Secret() = default;
    explicit Secret(T value)
        requires(!std::is_same_v<T, std::string>)
        : value_(std::move(value)) {}
    explicit Secret(std::string_view text)
        requires std::is_same_v<T, std::string>
        : value_(text) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
    Secret& operator=(const Secret& other) {
        if (this != &other) *this = Secret(other);
        return *this;
    }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            wipe();
            value_ = std::move(other.value_);
            other.wipe();
        }
        return *this;
    }
    ~Secret() { wipe(); }

    /// The secret itself, as long as this object lives.
    [[nodiscard]] const T& reveal() const noexcept { return value_; }
    [[nodiscard]] bool empty() const noexcept
        requires std::is_same_v<T, std::string>
    {
        return value_.empty();
    }
    /// "**********"; of an empty text "".
    [[nodiscard]] std::string_view to_string() const noexcept {
        if constexpr (std::is_same_v<T, std::string>) {
            if (value_.empty()) return {};
        }
        return kMask;
    }

private:
    void wipe() noexcept {
        if constexpr (std::is_same_v<T, std::string>) {
            detail::wipe(value_);
        } else if constexpr (std::is_trivially_copyable_v<T>) {
            detail::wipe(&value_, sizeof value_);
        }
    }

    T value_{};
};

using SecretString = Secret<std::string>;

template <class T>
struct TypeTraits<Secret<T>> {
    static constexpr std::string_view kName = "password";
    static constexpr Fits kFits = std::is_same_v<T, std::string> ? Fits::texts : Fits::nothing;

    template <bool IsNumber>
    static bool parse(std::string_view text, void* out, detail::TextFault& fault) {
        static_assert(slot_of<T>().type->kind <= Kind::enumerator,
                      "portico: a Secret is a text, or a number: of a model, write its members as "
                      "secrets");
        T value{};
        if (!detail::read_secret(slot_of<T>(), text, IsNumber, &value, fault)) return false;
        *static_cast<Secret<T>*>(out) = Secret<T>(std::move(value));
        return true;
    }
    static void print(const void* value, std::string& out) {
        out += static_cast<const Secret<T>*>(value)->to_string();
    }
    static constexpr detail::TextDetails kText{
        .parse = &parse<false>,
        .print = &print,
        .schema = R"({"type":"string","format":"password","writeOnly":true})",
        .parse_number = slot_of<T>().type->kind <= Kind::number ? &parse<true> : nullptr,
        .is_secret = true,
    };
};

}  // namespace portico::model
