#include "portico/redis/argument.hpp"

#include <charconv>

namespace portico::redis {
namespace {

template <class T>
std::size_t write_to(std::array<char, 31>& digits, T number) {
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    return static_cast<std::size_t>(written.ptr - digits.data());
}

}  // namespace

Argument::Argument(double number) noexcept : is_number_(true), size_(write_to(digits_, number)) {}

void Argument::write(std::int64_t number) noexcept {
    size_ = write_to(digits_, number);
    is_number_ = true;
}

void Argument::write(std::uint64_t number) noexcept {
    size_ = write_to(digits_, number);
    is_number_ = true;
}

}  // namespace portico::redis
