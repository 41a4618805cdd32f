#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "portico/model/constraints.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model {

/// A password, key or token: never shown. JSON, logs and faults have "**********" instead, and so
/// has the echo of an input that a secret is part of. `reveal()` is the one way to it.
///
/// Its memory is wiped when it is destroyed or replaced, as far as one object can see to that.
/// There is no comparison: compare secrets in constant time (crypto room).
class SecretString {
public:
    static constexpr std::string_view kMask = "**********";

    SecretString() = default;
    explicit SecretString(std::string_view text) : text_(text) {}
    SecretString(const SecretString&) = default;
    SecretString(SecretString&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
    SecretString& operator=(const SecretString& other);
    SecretString& operator=(SecretString&& other) noexcept;
    ~SecretString() { wipe(); }

    /// The secret itself, as long as this object lives.
    [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    /// "**********", or "" when empty.
    [[nodiscard]] std::string_view to_string() const noexcept {
        return text_.empty() ? std::string_view() : kMask;
    }

private:
    void wipe() noexcept;

    std::string text_;
};

template <>
struct TypeTraits<SecretString> {
    static constexpr std::string_view kName = "password";
    static constexpr Fits kFits = Fits::texts;
    static const detail::TextDetails kText;
};

}  // namespace portico::model
