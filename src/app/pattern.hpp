#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace portico::app {

/// What a `{name:converter}` takes: "str" (the default; one segment, not empty), "int", "float",
/// "uuid", "path" (the rest of the path, maybe empty).
enum class Converter : std::uint8_t { text, integer, number, uuid, path };

/// One segment of a path template: a text, or a part with what stands around it, "v{version}.json".
struct Segment {
    std::string prefix;  ///< The whole text where there is no part.
    std::string suffix;
    std::string name;  ///< Empty: no part.
    Converter converter = Converter::text;

    [[nodiscard]] bool takes(std::string_view text, std::string_view& value) const noexcept;
};

struct Pattern {
    std::vector<Segment> segments;
    std::vector<std::string> names;
    std::string shown;  ///< Without converters.
};

/// Most parts of one path.
inline constexpr std::size_t kMostParts = 16;

/// Throws `std::invalid_argument` with what is wrong with `path`, and where.
[[nodiscard]] Pattern parse_pattern(std::string_view path);

/// True when `value` may stand for a part of that kind.
[[nodiscard]] bool converts(Converter converter, std::string_view value) noexcept;

}  // namespace portico::app
