#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "portico/model/constraints.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model {

/// A number of bytes, read from "1.5 MiB", "2GB" or an integer, written as an integer.
///
/// Units have no case: b, kb, mb, gb, tb, pb, eb (or k, m, …) are powers of 1000, kib, mib, … of
/// 1024, bit, kbit, kibit, … an eighth of those. Parts of a byte are cut off. At most 2⁶³-1 bytes.
///
///     Annotated<ByteSize, le(ByteSize::kMiB)> quota;
class ByteSize {
public:
    static constexpr std::int64_t kKiB = 1024;
    static constexpr std::int64_t kMiB = 1024 * kKiB;
    static constexpr std::int64_t kGiB = 1024 * kMiB;

    constexpr ByteSize() noexcept = default;
    /// Not negative.
    // NOLINTNEXTLINE(google-explicit-constructor): a number of bytes is one.
    constexpr ByteSize(std::int64_t bytes) noexcept : bytes_(bytes) {}

    /// None: neither a number nor a number and a unit, or too many.
    [[nodiscard]] static std::optional<ByteSize> parse(std::string_view text);

    [[nodiscard]] constexpr std::int64_t bytes() const noexcept { return bytes_; }
    /// For people: "1.5MiB"; `decimal`: "1.6MB".
    [[nodiscard]] std::string human_readable(bool decimal = false) const;

    [[nodiscard]] auto operator<=>(const ByteSize&) const noexcept = default;

private:
    std::int64_t bytes_ = 0;
};

template <>
struct TypeTraits<ByteSize> {
    static constexpr std::string_view kName = "byte_size";
    static constexpr Fits kFits = Fits::numbers;
    static const detail::TextDetails kText;
};

}  // namespace portico::model
