#include "portico/http/range.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "http/bytes.hpp"
#include "portico/http/headers.hpp"

namespace portico::http {

namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

/// RFC 9110 §14.1.2: 1*DIGIT, of any length; what does not fit lies beyond every end.
std::optional<std::uint64_t> parse_position(std::string_view text) noexcept {
    if (text.empty()) return {};
    std::uint64_t value = 0;
    for (const char c : text) {
        if (!is_digit(c)) return {};
        const auto digit = static_cast<std::uint64_t>(c - '0');
        value = value > (kMost - digit) / 10 ? kMost : value * 10 + digit;
    }
    return value;
}

/// One range-spec. A size of 0: it lies beyond the end.
std::optional<ByteRange> parse_spec(std::string_view spec, std::uint64_t size) noexcept {
    const std::size_t dash = spec.find('-');
    if (dash == std::string_view::npos) return {};
    const auto last = spec.substr(dash + 1);
    if (dash == 0) {
        // RFC 9110 §14.1.2: "If the selected representation is shorter than the specified
        // suffix-length, the entire representation is used."
        const auto length = parse_position(last);
        if (!length) return {};
        const std::uint64_t taken = std::min(*length, size);
        return ByteRange{size - taken, taken};
    }
    const auto begin = parse_position(spec.substr(0, dash));
    const auto end = last.empty() ? std::optional{kMost} : parse_position(last);
    // "An int-range is invalid if the last-pos value is present and less than first-pos."
    if (!begin || !end || *end < *begin) return {};
    if (*begin >= size) return ByteRange{};
    return ByteRange{*begin, std::min(*end, size - 1) - *begin + 1};
}

/// Puts what `added` has in common with earlier ranges, or touches, into the first of them.
void merge(std::vector<ByteRange>& ranges, ByteRange added) {
    std::size_t place = ranges.size();
    for (std::size_t i = ranges.size(); i-- > 0;) {
        const ByteRange& other = ranges[i];
        if (other.offset > added.offset + added.size || added.offset > other.offset + other.size) {
            continue;
        }
        const std::uint64_t begin = std::min(other.offset, added.offset);
        const std::uint64_t end = std::max(other.offset + other.size, added.offset + added.size);
        added = {begin, end - begin};
        ranges.erase(ranges.begin() + static_cast<std::ptrdiff_t>(i));
        place = i;
    }
    ranges.insert(ranges.begin() + static_cast<std::ptrdiff_t>(place), added);
}

}  // namespace

std::expected<std::vector<ByteRange>, RangeError> parse_range(std::string_view field,
                                                              std::uint64_t size) {
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos || !is_token(field.substr(0, equals))) {
        return std::unexpected(RangeError::malformed);
    }
    std::vector<ByteRange> ranges;
    // RFC 9110 §14.2: "An origin server MUST ignore a Range header field that contains a range unit
    // it does not understand."
    if (!equal_names(field.substr(0, equals), "bytes")) return ranges;

    std::size_t specs = 0;
    for (std::string_view rest = field.substr(equals + 1); !rest.empty();) {
        const std::size_t comma = rest.find(',');
        const std::string_view spec = trim(rest.substr(0, comma));
        rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
        if (spec.empty()) continue;  // RFC 9110 §5.6.1.2: empty list elements are passed over.
        if (++specs > kMaxRanges) return std::vector<ByteRange>{};
        const auto range = parse_spec(spec, size);
        if (!range) return std::unexpected(RangeError::malformed);
        if (range->size != 0) merge(ranges, *range);
    }
    if (specs == 0) return std::unexpected(RangeError::malformed);
    if (ranges.empty()) return std::unexpected(RangeError::unsatisfiable);
    return ranges;
}

}  // namespace portico::http
