#include "portico/model/echo.hpp"

#include <algorithm>
#include <vector>

#include "model/inner_slots.hpp"
#include "model/scanner.hpp"
#include "portico/model/details.hpp"
#include "portico/model/fault.hpp"
#include "portico/model/secret.hpp"
#include "portico/model/write.hpp"

namespace portico::model {
namespace {

using detail::details_of;

/// `seen`: models that were looked at; a recursive one comes back to itself.
bool holds_secret(const Type& type, std::vector<const Type*>& seen) {
    switch (type.kind) {
        case Kind::text:
            return details_of<detail::TextDetails>(type).is_secret;
        case Kind::object:
        case Kind::partial:
            if (std::ranges::find(seen, &type) != seen.end()) return false;
            seen.push_back(&type);
            if (const Type* extras = detail::table_of(type).extras.type;
                extras != nullptr && holds_secret(*extras, seen)) {
                return true;
            }
            return std::ranges::any_of(fields_of(type), [&](const Field& field) {
                return holds_secret(*field.slot.type, seen);
            });
        default:
            return std::ranges::any_of(inner_slots(type), [&](const Slot& each) {
                return holds_secret(*each.type, seen);
            });
    }
}

/// The beginning of a text as a JSON string of at most `kInputBytes`.
std::string cut_string(std::string_view text) {
    constexpr std::string_view kEllipsis = "…";
    std::string out;
    write_json_string(text, out);
    if (out.size() <= Faults::kInputBytes) return out;
    // Escapes make it longer: shorten until it fits.
    for (std::size_t keep = Faults::kInputBytes; keep > 0; --keep) {
        while (keep > 0 && keep < text.size() &&
               (static_cast<unsigned char>(text[keep]) & 0xC0) == 0x80) {
            --keep;
        }
        out.clear();
        write_json_string(std::string(text.substr(0, keep)) + std::string(kEllipsis), out);
        if (out.size() <= Faults::kInputBytes) break;
    }
    return out;
}

/// Copies a value without space; stops when there is more than anyone will see.
class Echo {
public:
    explicit Echo(std::string_view json) : in_(json) {}

    void value(const Type* type, bool masked) {
        in_.skip_space();
        while (type != nullptr && type->kind == Kind::optional) {
            type = details_of<detail::OptionalDetails>(*type).item.type;
        }
        if (masked || is_mask(type)) {
            if (in_.peek() == 'n') {
                out += "null";
            } else {
                write_json_string(SecretString::kMask, out);
            }
            skip();
            return;
        }
        switch (in_.peek()) {
            case '{':
                object(type);
                break;
            case '[':
                array(type);
                break;
            case '"':
                string();
                break;
            default: {
                const char* from = in_.at();
                skip();
                out += in_.since(from);
            }
        }
    }

    std::string out;

private:
    [[nodiscard]] bool enough() const noexcept { return out.size() > 2 * Faults::kInputBytes; }

    static bool is_mask(const Type* type) {
        if (type == nullptr) return false;
        return (type->kind == Kind::text || type->kind == Kind::variant) && has_secret(*type);
    }

    void skip() {
        if (!in_.skip_value(0)) stopped_ = true;
    }

    void string() {
        Scanner::String text;
        if (in_.string(text)) write_json_string(text.text, out);
    }

    static const Type* member_type(const Type* type, std::string_view key) {
        if (type == nullptr) return nullptr;
        if (type->kind == Kind::map) return details_of<detail::MapDetails>(*type).value.type;
        for (const Field& field : fields_of(*type)) {
            if (field.alias == key) return field.slot.type;
        }
        return nullptr;
    }

    void object(const Type* type) {
        const bool guarded = type != nullptr && has_secret(*type);
        out += '{';
        for (bool first = true, done = false; in_.open_once(first); first = false) {
            Scanner::String key;
            if (!in_.next_key(first, done, key) || done) break;
            const Type* of_member = member_type(type, key.text);
            if (!first) out += ',';
            write_json_string(key.text, out);
            out += ':';
            value(of_member, guarded && of_member == nullptr);
            in_.skip_space();
            if (enough() || stopped_ || !in_.take(',')) break;
        }
        static_cast<void>(in_.take('}'));
        out += '}';
    }

    void array(const Type* type) {
        const Type* item = nullptr;
        if (type != nullptr && type->kind == Kind::array) {
            item = details_of<detail::ArrayDetails>(*type).item.type;
        }
        const bool guarded = type != nullptr && item == nullptr && has_secret(*type);
        out += '[';
        for (bool first = true, done = false; in_.open_once(first); first = false) {
            if (!in_.next_item(first, done) || done) break;
            if (!first) out += ',';
            value(item, guarded);
            in_.skip_space();
            if (enough() || stopped_ || !in_.take(',')) break;
        }
        static_cast<void>(in_.take(']'));
        out += ']';
    }

    Scanner in_;
    bool stopped_ = false;
};

}  // namespace

bool has_secret(const Type& type) {
    std::vector<const Type*> seen;
    return holds_secret(type, seen);
}

std::string echo_json(Slot slot, std::string_view json) {
    Echo echo(json);
    // A bare value where an object with a secret is expected may be the secret.
    const bool bare = !json.starts_with('{') && !json.starts_with('[');
    echo.value(slot.type, bare && slot.type != nullptr && has_secret(*slot.type));
    if (echo.out.size() <= Faults::kInputBytes) return std::move(echo.out);
    Scanner again(echo.out);
    Scanner::String text;
    if (echo.out.starts_with('"') && again.string(text)) return cut_string(text.text);
    return cut_string(echo.out);
}

std::string echo_text(Slot slot, std::string_view text) {
    if (slot.type != nullptr && has_secret(*slot.type)) text = SecretString::kMask;
    return cut_string(text);
}

}  // namespace portico::model
