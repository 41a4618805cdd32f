#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "portico/db/detail/inline_vector.hpp"
#include "portico/db/value.hpp"

namespace portico::db::detail {

/// The values that are bound to a statement, with the text that they own. Up to eight values and
/// 128 bytes of text need no memory. Movable until `bound()` is called.
class Parameters {
public:
    /// Text is copied.
    void add(Value value) {
        owned_at_.push_back(value.has_text() ? static_cast<std::uint32_t>(text_.size())
                                             : kNotOwned);
        if (value.has_text()) text_.append(value.text.data(), value.text.size());
        values_.push_back(value);
    }
    /// Text is referred to: it must live until the statement has run.
    void add_view(Value value) {
        owned_at_.push_back(kNotOwned);
        values_.push_back(value);
    }
    void add(const Parameters& others) {
        for (std::size_t i = 0; i < others.size(); ++i) {
            Value value = others.values_[i];
            if (others.owned_at_[i] == kNotOwned) {
                add_view(value);
                continue;
            }
            value.text = {others.text_.data() + others.owned_at_[i], value.text.size()};
            add(value);
        }
    }

    /// Text that was copied stays behind.
    void remove_last() {
        values_.pop_back();
        owned_at_.pop_back();
    }

    /// The one that was added last; there is one.
    [[nodiscard]] Value last() const noexcept {
        Value value = values_[values_.size() - 1];
        const std::uint32_t at = owned_at_[owned_at_.size() - 1];
        if (at != kNotOwned) value.text = {text_.data() + at, value.text.size()};
        return value;
    }

    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }

    /// The values, ready to be bound; valid until this object moves or changes.
    [[nodiscard]] std::span<const Value> bound() noexcept {
        for (std::size_t i = 0; i < values_.size(); ++i) {
            if (owned_at_[i] == kNotOwned) continue;
            values_[i].text = {text_.data() + owned_at_[i], values_[i].text.size()};
        }
        return {values_.data(), values_.size()};
    }

private:
    static constexpr std::uint32_t kNotOwned = ~std::uint32_t{0};

    InlineVector<Value, 8> values_;
    InlineVector<std::uint32_t, 8> owned_at_;
    InlineVector<char, 128> text_;
};

}  // namespace portico::db::detail
