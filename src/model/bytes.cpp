#include "portico/model/bytes.hpp"

#include <array>
#include <optional>

namespace portico::model {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

constexpr std::string_view last_two(BytesForm form) {
    return form == BytesForm::base64 ? "+/" : "-_";
}

/// The value of each character; 64: it is none of base64.
constexpr auto values_of(BytesForm form) {
    std::array<std::uint8_t, 256> values{};
    values.fill(64);
    std::uint8_t next = 0;
    for (const std::string_view part : {kAlphabet, last_two(form)}) {
        for (const char c : part) values[static_cast<unsigned char>(c)] = next++;
    }
    return values;
}

using Error = std::optional<std::string>;

Error decode(std::string_view text, const std::array<std::uint8_t, 256>& values, std::string& out) {
    const std::size_t end = text.find('=');
    const std::string_view data = text.substr(0, end);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const std::uint8_t value = values[static_cast<unsigned char>(data[i])];
        if (value > 63) return "Only base64 data is allowed";
        bits = bits << 6 | value;
        if (i % 4 > 0) out += static_cast<char>(bits >> (6 - i % 4 * 2) & 0xFF);
    }
    if (data.size() % 4 == 1) {
        return "Invalid base64-encoded string: number of data characters (" +
               std::to_string(data.size()) + ") cannot be 1 more than a multiple of 4";
    }
    const std::string_view padding = text.substr(data.size());
    if (padding.find_first_not_of('=') != padding.npos) return "Discontinuous padding not allowed";
    const std::size_t needed = (4 - data.size() % 4) % 4;
    if (padding.size() < needed) return "Incorrect padding";
    if (padding.size() > needed) return "Excess data after padding";
    return {};
}

template <BytesForm Form>
bool parse(std::string_view text, void* out, detail::TextFault& fault) {
    static constexpr auto kValues = values_of(Form);
    std::string bytes;
    if (const Error error = decode(text, kValues, bytes)) {
        fault = detail::parse_fault("base64_decode", "", *error);
        fault.msg = "Base64 decoding error: '" + *error + "'";
        return false;
    }
    *static_cast<BasicBytes<Form>*>(out) = BasicBytes<Form>(std::move(bytes));
    return true;
}

template <>
bool parse<BytesForm::text>(std::string_view text, void* out, detail::TextFault&) {
    *static_cast<Bytes*>(out) = Bytes(std::string(text));
    return true;
}

template <BytesForm Form>
void print(const void* value, std::string& out) {
    const std::string_view bytes = static_cast<const BasicBytes<Form>*>(value)->bytes();
    const auto character = [](std::uint32_t six) {
        six &= 63;
        return six < 62 ? kAlphabet[six] : last_two(Form)[six - 62];
    };
    const auto at = [&](std::size_t i) -> std::uint32_t {
        return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
    };
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::uint32_t bits = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
        out += character(bits >> 18);
        out += character(bits >> 12);
        out += i + 1 < bytes.size() ? character(bits >> 6) : '=';
        out += i + 2 < bytes.size() ? character(bits) : '=';
    }
}

template <>
void print<BytesForm::text>(const void* value, std::string& out) {
    out += static_cast<const Bytes*>(value)->bytes();
}

template <BytesForm Form>
bool constrain(const Annotations& annotations, const void* value, detail::TextFault& fault) {
    const auto& bytes = static_cast<const BasicBytes<Form>*>(value)->bytes();
    const bool is_long = bytes.size() > annotations.max_length;
    if (!is_long && bytes.size() >= annotations.min_length) return true;
    const std::size_t limit = is_long ? annotations.max_length : annotations.min_length;
    const std::string count = std::to_string(limit);
    fault = {is_long ? "bytes_too_long" : "bytes_too_short",
             std::string("Data should have at ") + (is_long ? "most " : "least ") + count +
                 (limit == 1 ? " byte" : " bytes"),
             (is_long ? R"({"max_length":)" : R"({"min_length":)") + count + "}"};
    return false;
}

template <BytesForm Form>
constexpr detail::TextDetails details(std::string_view schema) {
    return {.parse = &parse<Form>,
            .print = &print<Form>,
            .schema = schema,
            .wrong_type = "bytes_type",
            .wrong_type_msg = "Input should be a valid bytes",
            .constrain = &constrain<Form>};
}

}  // namespace

template <>
constinit const detail::TextDetails TypeTraits<Bytes>::kText =
    details<BytesForm::text>(R"({"type":"string","contentMediaType":"application/octet-stream"})");
template <>
constinit const detail::TextDetails TypeTraits<Base64Bytes>::kText = details<BytesForm::base64>(
    R"({"type":"string","contentMediaType":"application/octet-stream","format":"base64"})");
template <>
constinit const detail::TextDetails TypeTraits<Base64UrlBytes>::kText =
    details<BytesForm::base64url>(
        R"({"type":"string","contentMediaType":"application/octet-stream","format":"base64url"})");

}  // namespace portico::model
