#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace portico::redis {

/// An argument of a command: bytes that the caller keeps, or a number. Whatever is in it, it is
/// that one argument: commands can't be injected.
class Argument {
public:
    Argument() = default;
    // NOLINTBEGIN(google-explicit-constructor)
    Argument(std::string_view text) noexcept : data_(text.data()), size_(text.size()) {}
    Argument(const std::string& text) noexcept : Argument(std::string_view(text)) {}
    Argument(const char* text) noexcept : Argument(std::string_view(text)) {}
    template <std::integral T>
        requires(!std::same_as<T, bool> && !std::same_as<T, char>)
    Argument(T number) noexcept {
        if constexpr (std::is_signed_v<T>) {
            write(static_cast<std::int64_t>(number));
        } else {
            write(static_cast<std::uint64_t>(number));
        }
    }
    /// The shortest text that gives the same number.
    Argument(double number) noexcept;
    // NOLINTEND(google-explicit-constructor)

    [[nodiscard]] std::string_view text() const noexcept {
        return {is_number_ ? digits_.data() : data_, size_};
    }

private:
    void write(std::int64_t number) noexcept;
    void write(std::uint64_t number) noexcept;

    std::array<char, 31> digits_;
    bool is_number_ = false;
    const char* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace portico::redis
