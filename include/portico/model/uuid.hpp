#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "portico/model/annotated.hpp"
#include "portico/model/constraints.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model {

/// A UUID (RFC 9562), any version. Written in lower case with hyphens; read also without hyphens,
/// in braces and as urn:uuid:. 16 bytes, trivially copyable.
class Uuid {
public:
    constexpr Uuid() noexcept = default;
    constexpr explicit Uuid(const std::array<std::uint8_t, 16>& bytes) noexcept : bytes_(bytes) {}

    /// Version 4 of 16 random bytes.
    [[nodiscard]] static constexpr Uuid from_random(std::array<std::uint8_t, 16> bytes) noexcept {
        bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
        bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
        return Uuid(bytes);
    }

    /// The error is Pydantic's: "invalid length: expected length 32 for simple format, found 3".
    [[nodiscard]] static std::expected<Uuid, std::string> parse(std::string_view text);

    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] constexpr const std::array<std::uint8_t, 16>& bytes() const noexcept {
        return bytes_;
    }
    [[nodiscard]] constexpr int version() const noexcept { return bytes_[6] >> 4; }

    [[nodiscard]] auto operator<=>(const Uuid&) const noexcept = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// Of one version of RFC 9562 alone: `Annotated<Uuid, uuid_version(7)> id;`
// NOLINTNEXTLINE(readability-identifier-naming): written as a function is.
struct uuid_version {
    std::uint8_t version;
    consteval explicit uuid_version(int wanted) : version(static_cast<std::uint8_t>(wanted)) {
        if (wanted < 1 || wanted > 8) throw "uuid_version takes a version of RFC 9562: 1 to 8";
    }
    static constexpr Fits kFits = Fits::uuids;
    constexpr void apply(Annotations& to) const { to.uuid_version = version; }
};

template <>
struct TypeTraits<Uuid> {
    static constexpr std::string_view kName = "uuid";
    static constexpr Fits kFits = Fits::uuids;
    static const detail::TextDetails kText;
};

using Uuid1 = Annotated<Uuid, uuid_version(1)>;
using Uuid3 = Annotated<Uuid, uuid_version(3)>;
using Uuid4 = Annotated<Uuid, uuid_version(4)>;
using Uuid5 = Annotated<Uuid, uuid_version(5)>;
using Uuid7 = Annotated<Uuid, uuid_version(7)>;

}  // namespace portico::model

template <>
struct std::hash<portico::model::Uuid> {
    [[nodiscard]] std::size_t operator()(const portico::model::Uuid& uuid) const noexcept {
        std::size_t hash = 0xcbf29ce484222325;
        for (const auto byte : uuid.bytes()) hash = (hash ^ byte) * 0x100000001b3;
        return hash;
    }
};
