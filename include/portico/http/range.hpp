#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>
#include <vector>

namespace portico::http {

/// A part of a representation, in bytes; never empty.
struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;

    [[nodiscard]] bool operator==(const ByteRange&) const noexcept = default;
};

/// Why a `Range` field gets no part.
enum class RangeError : std::uint8_t {
    malformed,      ///< No ranges by the grammar of RFC 9110 §14.1.1: 400.
    unsatisfiable,  ///< None lies within the representation: 416 and `Content-Range: bytes */size`.
};

/// A field with more ranges is passed over (RFC 9110 §17.15: "many small ranges" are an attack).
inline constexpr std::size_t kMaxRanges = 64;

/// What a `Range` field asks of a representation of `size` bytes (RFC 9110 §14.2).
///
/// In the order asked; ranges that overlap or touch are one, at the place of the first; those
/// beyond the end are left out. So all together are never longer than the representation. Empty:
/// the whole is to be sent, for the field has another unit than "bytes", or too many ranges.
[[nodiscard]] std::expected<std::vector<ByteRange>, RangeError> parse_range(std::string_view field,
                                                                            std::uint64_t size);

}  // namespace portico::http
