#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "portico/db/value.hpp"

namespace portico::db::postgres {

/// The values of a statement as libpq takes them, by the types that the server gave its parameters.
/// Texts are referred to, not copied; the arrays are used again for the next statement.
class Encoder {
public:
    /// Throws `Error` (value) for a value that its parameter can't hold. Of as many values as
    /// types.
    void encode(std::span<const Value> values, std::span<const unsigned> types);

    [[nodiscard]] const char* const* values() const noexcept { return values_.data(); }
    [[nodiscard]] const int* lengths() const noexcept { return lengths_.data(); }
    /// 1 is binary.
    [[nodiscard]] const int* formats() const noexcept { return formats_.data(); }

private:
    void add(const Value& value, unsigned type);
    void add_integer(const Value& value, unsigned type);
    void add_real(double value, unsigned type);
    void add_text(std::string_view text, unsigned type);
    template <class T>
    void add_binary(T value);
    template <class T>
    void add_narrow(std::int64_t value);
    void add_own(std::string_view text);

    static constexpr std::size_t kNotOwned = ~std::size_t{0};

    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
    std::vector<std::size_t> owned_at_;
    std::string own_;  // what is made here; pointed into when nothing moves any more
};

/// `units` × 10^-`scale`: "-0.05".
[[nodiscard]] std::string scaled_text(std::int64_t units, unsigned scale);
/// The shortest text that is read as the same number; "Infinity".
[[nodiscard]] std::string real_text(double value);

}  // namespace portico::db::postgres
