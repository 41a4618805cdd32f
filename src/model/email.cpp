#include "portico/model/email.hpp"

#include <algorithm>

#include "model/idna.hpp"
#include "model/scanner.hpp"

namespace portico::model {
namespace {

// RFC 5321 §4.5.3.1 and its erratum 1690.
constexpr std::size_t kMostBytes = 254;
constexpr std::size_t kMostLocalBytes = 64;
constexpr std::size_t kMostLabelBytes = 63;

bool is_alnum(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_utf8_byte(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

// RFC 5322 §3.2.3: atext; RFC 6531 adds UTF-8.
bool is_atext(char c) {
    return is_alnum(c) || is_utf8_byte(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

std::string printable(char c) {
    if (c == ' ') return "SPACE";
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return "a control character";
    return {'\'', c, '\''};
}

const char* dots(std::string_view part, bool before_at) {
    if (part.starts_with('.')) {
        return before_at ? "An email address cannot start with a period."
                         : "An email address cannot have a period immediately after the @-sign.";
    }
    if (part.ends_with('.')) {
        return before_at ? "An email address cannot have a period immediately before the @-sign."
                         : "An email address cannot end with a period.";
    }
    if (part.find("..") != part.npos) return "An email address cannot have two periods in a row.";
    return nullptr;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return out;
}

/// RFC 2606, RFC 6761, RFC 7686: names that no mail reaches.
bool is_special_use(std::string_view domain) {
    const std::string name = lower(domain);
    for (const std::string_view reserved :
         {"test", "invalid", "localhost", "local", "onion", "arpa"}) {
        if (name == reserved || name.ends_with("." + std::string(reserved))) return true;
    }
    return false;
}

std::string check_domain(std::string_view domain) {
    if (const char* error = dots(domain, false)) return error;
    if (domain.find('.') == domain.npos) {
        return "The part after the @-sign is not valid. It should have a period.";
    }
    for (std::size_t from = 0; from <= domain.size();) {
        const std::size_t end = std::min(domain.find('.', from), domain.size());
        const std::string_view label = domain.substr(from, end - from);
        for (const char c : label) {
            if (!is_alnum(c) && c != '-' && !is_utf8_byte(c)) {
                return "The part after the @-sign contains invalid characters: " + printable(c) +
                       ".";
            }
        }
        if (label.size() > kMostLabelBytes) {
            return "After the @-sign, periods cannot be separated by so many characters.";
        }
        if (label.starts_with('-') || label.ends_with('-')) {
            return "An email address cannot have a hyphen next to a period or the @-sign.";
        }
        from = end + 1;
    }
    if (std::ranges::any_of(domain, is_utf8_byte)) {
        const auto is_of_a_name = [](char c) { return is_alnum(c) || c == '-' || c == '.'; };
        const auto ascii = ascii_host(domain);
        if (!ascii || !std::ranges::all_of(*ascii, is_of_a_name)) {
            return "The part after the @-sign contains invalid characters.";
        }
    }
    const std::string_view top = domain.substr(domain.rfind('.') + 1);
    if (std::ranges::all_of(top, [](char c) { return c >= '0' && c <= '9'; })) {
        return "The part after the @-sign is not valid. It is not within a valid top-level domain.";
    }
    if (is_special_use(domain)) {
        return "The part after the @-sign is a special-use or reserved name that cannot be used "
               "with email.";
    }
    return {};
}

std::string check_local(std::string_view local) {
    if (local.empty()) return "There must be something before the @-sign.";
    if (local.size() > kMostLocalBytes) {
        return "The email address is too long before the @-sign (" +
               std::to_string(local.size() - kMostLocalBytes) + " characters too many).";
    }
    for (const char c : local) {
        if (!is_atext(c) && c != '.') {
            return "The email address contains invalid characters before the @-sign: " +
                   printable(c) + ".";
        }
    }
    if (const char* error = dots(local, true)) return error;
    return {};
}

}  // namespace

std::expected<Email, std::string> Email::parse(std::string_view text) {
    const auto at = text.find('@');
    if (at == text.npos) return std::unexpected("An email address must have an @-sign.");
    if (text.size() > kMostBytes) {
        return std::unexpected("The email address is too long (" +
                               std::to_string(text.size() - kMostBytes) + " characters too many).");
    }
    if (find_invalid_utf8(text) != text.npos) {
        return std::unexpected("The email address is not valid UTF-8.");
    }
    const std::string_view domain = text.substr(at + 1);
    if (std::string error = check_local(text.substr(0, at)); !error.empty()) {
        return std::unexpected(std::move(error));
    }
    if (domain.empty()) return std::unexpected("There must be something after the @-sign.");
    if (std::string error = check_domain(domain); !error.empty()) {
        return std::unexpected(std::move(error));
    }
    Email email;
    email.text_ = text;
    return email;
}

constinit const detail::TextDetails TypeTraits<Email>::kText{
    .parse =
        [](std::string_view text, void* out, detail::TextFault& fault) {
            auto email = Email::parse(text);
            if (email) {
                *static_cast<Email*>(out) = std::move(*email);
                return true;
            }
            fault = detail::parse_fault("value_error",
                                        "value is not a valid email address: ", email.error());
            fault.ctx.replace(2, 5, "reason");
            return false;
        },
    .print = [](const void* value, std::string& out) { out += *static_cast<const Email*>(value); },
    .schema = R"({"type":"string","format":"email"})",
};

}  // namespace portico::model
