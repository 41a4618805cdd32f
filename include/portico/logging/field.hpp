#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace portico::logging {

/// A named value of a log line: data that a program, not a person, will look for.
///
///     log.info("listening", {{"host", host}, {"port", 8000}, {"tls", true}});
///
/// Holds views: made for the length of one call. Texts may hold any bytes; they are escaped and
/// cut to `kMostBytes` when written. Never put a secret into one.
class Field {
public:
    enum class Kind : std::uint8_t { text, integer, natural, number, boolean, null };
    static constexpr std::size_t kMostBytes = 1024;

    template <class T>
        requires std::integral<T> || std::floating_point<T> || std::same_as<T, std::nullptr_t> ||
                 std::convertible_to<const T&, std::string_view>
    Field(std::string_view key, const T& value) noexcept : key_(key) {
        if constexpr (std::same_as<T, bool>) {
            kind_ = Kind::boolean;
            natural_ = value ? 1 : 0;
        } else if constexpr (std::same_as<T, std::nullptr_t>) {
            kind_ = Kind::null;
        } else if constexpr (std::floating_point<T>) {
            kind_ = Kind::number;
            number_ = static_cast<double>(value);
        } else if constexpr (std::signed_integral<T>) {
            kind_ = Kind::integer;
            integer_ = static_cast<std::int64_t>(value);
        } else if constexpr (std::integral<T>) {
            kind_ = Kind::natural;
            natural_ = static_cast<std::uint64_t>(value);
        } else {
            kind_ = Kind::text;
            text_ = std::string_view(value);
        }
    }

    [[nodiscard]] std::string_view key() const noexcept { return key_; }
    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    [[nodiscard]] std::int64_t integer() const noexcept { return integer_; }
    [[nodiscard]] std::uint64_t natural() const noexcept { return natural_; }
    [[nodiscard]] double number() const noexcept { return number_; }
    [[nodiscard]] bool boolean() const noexcept { return natural_ != 0; }

private:
    std::string_view key_;
    std::string_view text_;
    union {
        std::int64_t integer_;
        std::uint64_t natural_ = 0;
        double number_;
    };
    Kind kind_;
};

}  // namespace portico::logging
