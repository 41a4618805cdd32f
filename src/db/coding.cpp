#include "portico/db/detail/coding.hpp"

#include <cmath>
#include <cstring>

#include "portico/db/error.hpp"
#include "portico/model/annotations.hpp"
#include "portico/model/bytes.hpp"
#include "portico/model/date_time.hpp"
#include "portico/model/decimal.hpp"
#include "portico/model/read.hpp"
#include "portico/model/secret.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/write.hpp"

namespace portico::db::detail {
namespace {

using Form = Coding::Form;
using model::detail::details_of;

[[noreturn]] void misfit(std::string_view column, const std::string& why) {
    throw Error(Error::Kind::value, "column \"" + std::string(column) + "\": " + why);
}

template <class T>
T& as(void* value) {
    return *static_cast<T*>(value);
}
template <class T>
const T& as(const void* value) {
    return *static_cast<const T*>(value);
}

std::int64_t load_integer(const Coding& coding, const void* value) {
    if (coding.is_signed) {
        switch (coding.bytes) {
            case 1:
                return as<std::int8_t>(value);
            case 2:
                return as<std::int16_t>(value);
            case 4:
                return as<std::int32_t>(value);
            default:
                return as<std::int64_t>(value);
        }
    }
    switch (coding.bytes) {
        case 1:
            return as<std::uint8_t>(value);
        case 2:
            return as<std::uint16_t>(value);
        default:
            return as<std::uint32_t>(value);
    }
}

void store_integer(const Coding& coding, std::int64_t number, void* out) {
    const int bits = coding.bytes * 8;
    const bool fits =
        bits == 64 || (coding.is_signed ? number >= -(std::int64_t{1} << (bits - 1)) &&
                                              number < (std::int64_t{1} << (bits - 1))
                                        : number >= 0 && number < (std::int64_t{1} << bits));
    if (!fits) {
        misfit(coding.name, std::to_string(number) + " does not fit the member's " +
                                std::to_string(bits) + " bits");
    }
    // Two's complement, little-endian: the low bytes are the narrower number. What big-endian
    // machines need is a memcpy from the other end.
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(out, &number, coding.bytes);
}

bool is_bytes(const model::Type& type) {
    return &type == model::slot_of<model::Bytes>().type ||
           &type == model::slot_of<model::Base64Bytes>().type ||
           &type == model::slot_of<model::Base64UrlBytes>().type;
}

// Calls `use` with the bytes at `value`, whichever of their types it is.
template <class V, class F>
void with_bytes(const model::Type* type, V* value, F use) {
    if (type == model::slot_of<model::Bytes>().type) {
        use(as<model::Bytes>(value));
    } else if (type == model::slot_of<model::Base64Bytes>().type) {
        use(as<model::Base64Bytes>(value));
    } else {
        use(as<model::Base64UrlBytes>(value));
    }
}

// Text is formed once and then copied into the parameters.
std::string& scratch() {
    thread_local std::string text;
    text.clear();
    return text;
}

void add_text(std::string_view text, Text how, Parameters& out) {
    if (how == Text::copied) {
        out.add(Value{text});
    } else {
        out.add_view(Value{text});
    }
}

void read_json_column(const Coding& coding, std::string_view text, void* out) {
    model::Faults faults;
    const model::Location root{coding.name};
    // An enumerator, or any JSON: what the row holds replaces what the member began with.
    if (!model::read_json(text, {coding.type, nullptr}, out, root, faults)) {
        misfit(coding.name, "the stored JSON does not fit the member: " +
                                (faults.empty() ? std::string("invalid") : faults.list()[0].msg));
    }
}

}  // namespace

Coding coding_of(model::Slot slot, std::string_view column) {
    Coding coding{.name = column, .type = slot.type, .annotations = slot.annotations};
    if (slot.type->kind == model::Kind::optional) {
        coding.optional = &details_of<model::detail::OptionalDetails>(*slot.type);
        coding.type = coding.optional->item.type;
        if (coding.optional->item.annotations) {
            coding.annotations = coding.optional->item.annotations;
        }
    }
    const model::Type& type = *coding.type;
    switch (type.kind) {
        case model::Kind::boolean:
            coding.form = Form::boolean;
            break;
        case model::Kind::string:
            coding.form = Form::string;
            break;
        case model::Kind::enumerator:
            coding.form = Form::enumerator;
            break;
        case model::Kind::integer: {
            const auto& integer = details_of<model::detail::IntegerDetails>(type);
            coding.form = Form::integer;
            coding.bytes = integer.bytes;
            coding.is_signed = integer.is_signed;
            if (integer.bytes == 8 && !integer.is_signed) {
                throw Error(Error::Kind::schema,
                            "column \"" + std::string(column) +
                                "\": a database has no unsigned 64-bit integers: use std::int64_t");
            }
            break;
        }
        case model::Kind::number:
            coding.form = Form::real;
            coding.is_float = details_of<model::detail::NumberDetails>(type).is_float;
            break;
        case model::Kind::text:
            coding.form = Form::text;
            if (&type == model::slot_of<model::DateTime>().type) coding.form = Form::date_time;
            if (is_bytes(type)) coding.form = Form::bytes;
            if (&type == model::slot_of<model::Decimal>().type && coding.annotations &&
                coding.annotations->decimal_places <= 18) {
                coding.form = Form::scaled_decimal;
                coding.scale = static_cast<std::uint8_t>(coding.annotations->decimal_places);
            }
            break;
        default:
            coding.form = Form::json;
            break;
    }
    return coding;
}

void encode(const Coding& coding, const void* value, Text text, Parameters& out) {
    if (coding.optional) {
        value = coding.optional->get(value);
        if (!value) return out.add(Value{});
    }
    encode_present(coding, value, text, out);
}

void encode_present(const Coding& coding, const void* value, Text text, Parameters& out) {
    switch (coding.form) {
        case Form::boolean:
            return out.add(Value{std::int64_t{as<bool>(value)}});
        case Form::integer:
            return out.add(Value{load_integer(coding, value)});
        case Form::string:
            return add_text(as<std::string>(value), text, out);
        case Form::real: {
            const double number =
                coding.is_float ? static_cast<double>(as<float>(value)) : as<double>(value);
            if (std::isnan(number)) misfit(coding.name, "NaN can't be stored");
            return out.add(Value{number});
        }
        case Form::date_time:
            return out.add(Value{as<model::DateTime>(value).unix_microseconds()});
        case Form::scaled_decimal: {
            const auto units = as<model::Decimal>(value).scaled(coding.scale);
            if (!units) {
                misfit(coding.name, "the number has more than " + std::to_string(coding.scale) +
                                        " decimal places, or is too large");
            }
            return out.add(Value::scaled(*units, coding.scale));
        }
        case Form::text: {
            const auto& details = details_of<model::detail::TextDetails>(*coding.type);
            if (details.is_secret) {
                return add_text(as<model::SecretString>(value).reveal(), text, out);
            }
            std::string& printed = scratch();
            details.print(value, printed);
            return out.add(Value{std::string_view(printed)});
        }
        case Form::bytes: {
            const auto add = [&](const auto& bytes) {
                const Value viewed = Value::of_bytes(bytes.bytes());
                return text == Text::copied ? out.add(viewed) : out.add_view(viewed);
            };
            with_bytes(coding.type, value, add);
            return;
        }
        case Form::enumerator:
        case Form::json: {
            std::string& json = scratch();
            model::write_json({coding.type, nullptr}, value, json);
            std::string_view written = json;
            if (coding.form == Form::enumerator && written.starts_with('"')) {
                written = written.substr(1, written.size() - 2);
            }
            return out.add(Value{written});
        }
    }
}

void decode(const Coding& coding, const Row& row, std::size_t column, void* out) {
    const Value value = row[column];
    if (coding.optional) {
        if (value.kind == Value::Kind::null) return coding.optional->reset(out);
        out = coding.optional->emplace(out);
    } else if (value.kind == Value::Kind::null) {
        misfit(coding.name, "it is NULL, but the member is no optional");
    }
    const auto integer = [&] {
        if (const auto number = integer_of(value)) return *number;
        misfit(coding.name, "expected an integer");
    };
    const auto text = [&] {
        if (!value.has_text()) misfit(coding.name, "expected text");
        return value.text;
    };
    switch (coding.form) {
        case Form::boolean:
            as<bool>(out) = integer() != 0;
            return;
        case Form::integer:
            return store_integer(coding, integer(), out);
        case Form::string:
            as<std::string>(out).assign(text());
            return;
        case Form::real: {
            const auto number = real_of(value);
            if (!number) misfit(coding.name, "expected a number");
            if (coding.is_float) {
                as<float>(out) = static_cast<float>(*number);
            } else {
                as<double>(out) = *number;
            }
            return;
        }
        case Form::date_time:
            as<model::DateTime>(out) = model::DateTime::from_unix_microseconds(integer());
            return;
        case Form::scaled_decimal:
            if (value.has_text()) break;
            as<model::Decimal>(out) = model::Decimal::from_scaled(integer(), coding.scale);
            return;
        case Form::bytes:
            with_bytes(coding.type, out,
                       [&]<class T>(T& bytes) { bytes = T(std::string(text())); });
            return;
        case Form::text: {
            model::detail::TextFault fault;
            if (!details_of<model::detail::TextDetails>(*coding.type).parse(text(), out, fault)) {
                misfit(coding.name, "the stored text is no " + std::string(coding.type->name) +
                                        ": " + fault.msg);
            }
            return;
        }
        case Form::enumerator: {
            const std::string_view name = text();
            model::Faults faults;
            const model::Location root{coding.name};
            if (!model::read_text({&name, 1}, {coding.type, nullptr}, out, root, faults)) {
                misfit(coding.name,
                       "the stored text is no value of " + std::string(coding.type->name));
            }
            return;
        }
        case Form::json:
            return read_json_column(coding, text(), out);
    }
    // A numeric of PostgreSQL, as it is written.
    const auto decimal = model::Decimal::parse(value.text);
    if (!decimal) misfit(coding.name, "expected a number");
    as<model::Decimal>(out) = *decimal;
}

}  // namespace portico::db::detail
