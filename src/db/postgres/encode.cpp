#include "db/postgres/encode.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "db/postgres/array_text.hpp"
#include "db/postgres/big_endian.hpp"
#include "db/postgres/decode.hpp"
#include "db/postgres/type_oid.hpp"
#include "portico/db/error.hpp"

namespace portico::db::postgres {
namespace {

[[noreturn]] void refuse(std::size_t index, const char* why) {
    throw Error(Error::Kind::value, "parameter $" + std::to_string(index + 1) + ": " + why);
}

}  // namespace

std::string real_text(double value) {
    if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
    char buffer[32];
    const auto [end, failed] = std::to_chars(buffer, buffer + sizeof buffer, value);
    return {buffer, end};
}

std::string scaled_text(std::int64_t units, unsigned scale) {
    std::string text = std::to_string(units);
    if (scale == 0) return text;
    const std::size_t sign = units < 0 ? 1 : 0;
    if (text.size() - sign <= scale) text.insert(sign, scale + 1 - (text.size() - sign), '0');
    text.insert(text.size() - scale, 1, '.');
    return text;
}

void Encoder::encode(std::span<const Value> values, std::span<const unsigned> types) {
    values_.clear();
    lengths_.clear();
    formats_.clear();
    owned_at_.clear();
    own_.clear();
    for (std::size_t i = 0; i < values.size(); ++i) add(values[i], types[i]);
    for (std::size_t i = 0; i < values_.size(); ++i) {
        if (owned_at_[i] != kNotOwned) values_[i] = own_.data() + owned_at_[i];
    }
}

void Encoder::add(const Value& value, unsigned type) {
    owned_at_.push_back(kNotOwned);
    values_.push_back(nullptr);
    lengths_.push_back(0);
    formats_.push_back(0);
    switch (value.kind) {
        case Value::Kind::null:
            return;
        case Value::Kind::integer:
            return add_integer(value, type);
        case Value::Kind::real:
            return add_real(value.real, type);
        case Value::Kind::decimal:
        case Value::Kind::text:
        case Value::Kind::bytes:
            return add_text(value.text, type);
    }
}

template <class T>
void Encoder::add_binary(T value) {
    char bytes[sizeof value];
    store_big_endian(value, bytes);
    owned_at_.back() = own_.size();
    lengths_.back() = sizeof bytes;
    formats_.back() = 1;
    own_.append(bytes, sizeof bytes);
}

template <class T>
void Encoder::add_narrow(std::int64_t value) {
    if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max()) {
        refuse(values_.size() - 1, "the integer does not fit the column");
    }
    add_binary(static_cast<T>(value));
}

void Encoder::add_own(std::string_view text) {
    owned_at_.back() = own_.size();
    own_.append(text);
    own_ += '\0';  // the text format has no length
}

void Encoder::add_integer(const Value& value, unsigned type) {
    const std::int64_t number = value.integer;
    switch (type) {
        case kBool:
            return add_binary(static_cast<char>(number != 0));
        case kInt2:
            return add_narrow<std::int16_t>(number);
        case kInt4:
            return add_narrow<std::int32_t>(number);
        case kInt8:
            return add_binary(number);
        case kOid:
            return add_narrow<std::uint32_t>(number);
        case kFloat4:
        case kFloat8:
            return add_real(static_cast<double>(number), type);
        case kTimestamp:
        case kTimestamptz:
            if (number < std::numeric_limits<std::int64_t>::min() + kEpoch) {
                refuse(values_.size() - 1, "the time does not fit the column");
            }
            return add_binary(number - kEpoch);
        default:
            return add_own(scaled_text(number, value.scale));
    }
}

void Encoder::add_real(double value, unsigned type) {
    if (type == kFloat8) return add_binary(value);
    if (type == kFloat4) {
        const auto narrow = static_cast<float>(value);
        if (std::isinf(narrow) && !std::isinf(value)) {
            refuse(values_.size() - 1, "the number does not fit the column");
        }
        return add_binary(narrow);
    }
    add_own(real_text(value));
}

void Encoder::add_text(std::string_view text, unsigned type) {
    switch (type) {
        case kText:
        case kVarchar:
        case kBpchar:
        case kJson:
        case kXml:
        case kName:
        case kUnknown:
        case kBytea:
            // The binary form of these is the text itself.
            values_.back() = text.data() ? text.data() : "";
            lengths_.back() = static_cast<int>(text.size());
            formats_.back() = 1;
            return;
        default:
            break;
    }
    if (text.contains('\0')) refuse(values_.size() - 1, "a text with a NUL can't be stored");
    if (const unsigned element = element_of(type); element != 0 && text.starts_with('[')) {
        std::string array;
        if (!write_array(text, element, array)) {
            refuse(values_.size() - 1, "expected a JSON array of plain values");
        }
        return add_own(array);
    }
    add_own(text);
}

}  // namespace portico::db::postgres
