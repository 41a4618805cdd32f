#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "portico/model/constraints.hpp"
#include "portico/model/details.hpp"
#include "portico/model/type_traits.hpp"

namespace portico::model {

/// How bytes are spelled in JSON, which has texts only.
enum class BytesForm : std::uint8_t {
    text,       ///< As they are: UTF-8.
    base64,     ///< RFC 4648 §4, with padding.
    base64url,  ///< RFC 4648 §5, with padding.
};

/// Bytes, decoded. `min_length` and `max_length` count them.
///
/// Base64 is read strictly: no other characters, no line breaks, padding where it belongs; unlike
/// Pydantic, which passes over what it does not know.
template <BytesForm Form>
class BasicBytes {
public:
    BasicBytes() = default;
    explicit BasicBytes(std::string bytes) noexcept : bytes_(std::move(bytes)) {}

    /// The bytes; not a text that can be printed.
    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }

    [[nodiscard]] auto operator<=>(const BasicBytes&) const noexcept = default;

private:
    std::string bytes_;
};

using Bytes = BasicBytes<BytesForm::text>;
using Base64Bytes = BasicBytes<BytesForm::base64>;
using Base64UrlBytes = BasicBytes<BytesForm::base64url>;

template <BytesForm Form>
struct TypeTraits<BasicBytes<Form>> {
    static constexpr std::string_view kName = "bytes";
    static constexpr Fits kFits = Fits::items;
    static const detail::TextDetails kText;
};
template <>
const detail::TextDetails TypeTraits<Bytes>::kText;
template <>
const detail::TextDetails TypeTraits<Base64Bytes>::kText;
template <>
const detail::TextDetails TypeTraits<Base64UrlBytes>::kText;

}  // namespace portico::model
