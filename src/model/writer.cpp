#include <charconv>
#include <cstring>

#include "model/enums.hpp"
#include "model/numbers.hpp"
#include "model/scanner.hpp"
#include "portico/model/details.hpp"
#include "portico/model/raw_json.hpp"
#include "portico/model/write.hpp"

namespace portico::model {
namespace {

using detail::details_of;

void append_integer(const detail::IntegerDetails& details, const void* value, std::string& out) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, value, details.bytes);
    char buffer[24];
    char* end = nullptr;
    if (details.is_signed) {
        const unsigned shift = 64U - details.bytes * 8U;
        const auto integer = static_cast<std::int64_t>(bits << shift) >> shift;
        end = std::to_chars(buffer, buffer + sizeof buffer, integer).ptr;
    } else {
        end = std::to_chars(buffer, buffer + sizeof buffer, bits).ptr;
    }
    out.append(buffer, end);
}

void append_text(const detail::TextDetails& details, const void* value, std::string& out) {
    if (details.prints_number) return details.print(value, out);
    std::string text;
    details.print(value, text);
    write_json_string(text, out);
}

/// What a visitor of values appends, one after the other.
struct Items {
    Slot slot;
    std::string* out;
    char before;
};

/// A key is a JSON string, whatever its type: 5 is "5".
void append_key(Slot slot, const void* key, std::string& out) {
    if (slot.type->kind == Kind::string) {
        return write_json_string(*static_cast<const std::string*>(key), out);
    }
    const std::size_t at = out.size();
    write_json(slot, key, out);
    if (out[at] == '"') return;
    out.insert(at, 1, '"');
    out += '"';
}

struct Entries {
    const detail::MapDetails* details;
    std::string* out;
    char before;
};

void append_entry(void* context, const void* key, const void* value) {
    auto& to = *static_cast<Entries*>(context);
    *to.out += to.before;
    to.before = ',';
    append_key(to.details->key, key, *to.out);
    *to.out += ':';
    write_json(to.details->value, value, *to.out);
}

void append_extras(const detail::ModelTable& table, const void* object, char& before,
                   std::string& out) {
    const auto& details = details_of<detail::MapDetails>(*table.extras.type);
    Entries entries{&details, &out, before};
    details.each(static_cast<const std::byte*>(object) + table.extras_offset, &entries,
                 &append_entry);
    before = entries.before;
}

/// After the members: what was kept of others, and what is computed.
void append_more(const detail::ModelTable& table, const void* object, char& before,
                 std::string& out) {
    if (table.extras.type != nullptr) append_extras(table, object, before, out);
    for (const auto& computed : table.computed) {
        out += before;
        before = ',';
        out += computed.key;
        Items item{computed.raw.slot, &out, ','};
        computed.raw.get(object, &item, [](void* context, const void* value) {
            auto& to = *static_cast<Items*>(context);
            write_json(to.slot, value, *to.out);
        });
    }
}

void append_object(const Type& model, const void* object, std::string& out) {
    const detail::ModelTable& table = detail::table_of(model);
    char before = '{';
    for (const auto& [key, index] : table.outputs) {
        const Field& field = table.fields[index];
        out += before;
        before = ',';
        out += key;
        write_json(field.slot, member(object, field), out);
    }
    if (table.has_more) [[unlikely]]
        append_more(table, object, before, out);
    if (before == '{') out += '{';
    out += '}';
}

/// What was sent, and nothing else.
void append_partial(const Type& type, const void* partial, std::string& out) {
    const auto& details = details_of<detail::PartialDetails>(type);
    const detail::ModelTable& table = detail::table_of(type);
    // The accessors serve the reader too, which changes what they give.
    void* const object = const_cast<void*>(partial);
    const std::uint64_t sent = *static_cast<const std::uint64_t*>(details.sent(object));
    const void* const value = details.value(object);
    char before = '{';
    for (const auto& [key, index] : table.outputs) {
        if (((sent >> index) & 1) == 0) continue;
        const Field& field = table.fields[index];
        out += before;
        before = ',';
        out += key;
        write_json(field.slot, member(value, field), out);
    }
    if (table.extras.type != nullptr) append_extras(table, value, before, out);
    if (before == '{') out += '{';
    out += '}';
}

void append_array(const detail::ArrayDetails& details, const void* array, std::string& out) {
    Items items{details.item, &out, '['};
    details.each(array, &items, [](void* context, const void* item) {
        auto& to = *static_cast<Items*>(context);
        *to.out += to.before;
        to.before = ',';
        write_json(to.slot, item, *to.out);
    });
    if (items.before == '[') out += '[';
    out += ']';
}

void append_tuple(const detail::TupleDetails& details, const void* tuple, std::string& out) {
    // The accessor serves the reader too, which changes what it gives.
    void* const object = const_cast<void*>(tuple);
    for (std::size_t i = 0; i < details.count; ++i) {
        out += i == 0 ? '[' : ',';
        write_json(details.items[details.is_array ? 0 : i], details.at(object, i), out);
    }
    out += ']';
}

void append_map(const detail::MapDetails& details, const void* map, std::string& out) {
    Entries entries{&details, &out, '{'};
    details.each(map, &entries, &append_entry);
    if (entries.before == '{') out += '{';
    out += '}';
}

void append_escape(unsigned char c, std::string& out) {
    constexpr char kHex[] = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            out += "\\u00";
            out += kHex[c >> 4];
            out += kHex[c & 15];
    }
}

/// Without quotes; what is not UTF-8 becomes U+FFFD, byte by byte.
void append_repaired(std::string_view text, std::string& out) {
    while (!text.empty()) {
        const std::size_t invalid = find_invalid_utf8(text);
        out.append(text.substr(0, invalid));
        if (invalid == text.npos) return;
        out += "\xEF\xBF\xBD";
        text.remove_prefix(invalid + 1);
    }
}

}  // namespace

void write_json_string(std::string_view text, std::string& out) {
    out += '"';
    const char* at = text.data();
    const char* const end = at + text.size();
    for (;;) {
        const char* special = find_special(at, end);
        const std::string_view plain{at, static_cast<std::size_t>(special - at)};
        if (find_invalid_utf8(plain) == plain.npos) [[likely]] {
            out += plain;
        } else {
            append_repaired(plain, out);
        }
        if (special == end) break;
        append_escape(static_cast<unsigned char>(*special), out);
        at = special + 1;
    }
    out += '"';
}

void write_json(Slot slot, const void* value, std::string& out) {
    const Type& type = *slot.type;
    switch (type.kind) {
        case Kind::boolean:
            out += *static_cast<const bool*>(value) ? "true" : "false";
            return;
        case Kind::integer:
            return append_integer(details_of<detail::IntegerDetails>(type), value, out);
        case Kind::number:
            if (details_of<detail::NumberDetails>(type).is_float) {
                return append_float(*static_cast<const float*>(value), out);
            }
            return append_double(*static_cast<const double*>(value), out);
        case Kind::string:
            return write_json_string(*static_cast<const std::string*>(value), out);
        case Kind::text:
            return append_text(details_of<detail::TextDetails>(type), value, out);
        case Kind::enumerator: {
            const auto name = enum_name(type, value);
            // A value without a name has no wire form; null is at least JSON.
            if (name.empty()) {
                out += "null";
            } else if (details_of<detail::EnumDetails>(type).by_value) {
                out += std::to_string(enum_value(type, value));
            } else {
                write_json_string(name, out);
            }
            return;
        }
        case Kind::optional: {
            const auto& details = details_of<detail::OptionalDetails>(type);
            const void* held = details.get(value);
            if (held == nullptr) {
                out += "null";
            } else {
                write_json(details.item, held, out);
            }
            return;
        }
        case Kind::array:
            return append_array(details_of<detail::ArrayDetails>(type), value, out);
        case Kind::tuple:
            return append_tuple(details_of<detail::TupleDetails>(type), value, out);
        case Kind::map:
            return append_map(details_of<detail::MapDetails>(type), value, out);
        case Kind::object:
            return append_object(type, value, out);
        case Kind::partial:
            return append_partial(type, value, out);
        case Kind::variant: {
            const auto& details = details_of<detail::VariantDetails>(type);
            const void* held = details.get(value);
            if (held == nullptr) {
                out += "null";
            } else {
                write_json(details.alternatives[details.index(value)], held, out);
            }
            return;
        }
        case Kind::any:
            return static_cast<const Json*>(value)->dump_to(out);
        case Kind::raw:
            out += static_cast<const RawJson*>(value)->text();
            return;
    }
}

}  // namespace portico::model
