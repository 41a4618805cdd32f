#include "portico/http/forwarded.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "http/bytes.hpp"
#include "http/parameters.hpp"
#include "portico/http/url.hpp"

namespace portico::http {

namespace {

/// The members of a list field, the last first, over all fields of that name.
///
/// Commas inside quoted strings split too. No address, scheme or host holds one, and reading quotes
/// from the left would let a client's open quote swallow what a proxy appended.
class MembersFromRight {
public:
    MembersFromRight(const HeaderView& headers, std::string_view name) noexcept
        : headers_(headers), name_(name), index_(headers.size()) {}

    [[nodiscard]] std::optional<std::string_view> next() noexcept {
        while (!in_field_) {
            if (index_ == 0) return {};
            const auto field = headers_[--index_];
            if (!equal_names(field.name, name_)) continue;
            rest_ = field.value;
            in_field_ = true;
        }
        const std::size_t comma = rest_.rfind(',');
        if (comma == std::string_view::npos) {
            in_field_ = false;
            return trim(rest_);
        }
        const std::string_view member = rest_.substr(comma + 1);
        rest_ = rest_.substr(0, comma);
        return trim(member);
    }

private:
    const HeaderView& headers_;
    std::string_view name_;
    std::size_t index_;
    std::string_view rest_;
    bool in_field_ = false;
};

std::size_t count_members(const HeaderView& headers, std::string_view name) noexcept {
    std::size_t count = 0;
    for (MembersFromRight members(headers, name); members.next();) ++count;
    return count;
}

bool is_port(std::string_view text) noexcept {
    // RFC 7239 §6: a port may be obfuscated too: "_" and letters, digits, ".", "_", "-".
    if (text.starts_with('_')) return kAlphanumeric.with("._-").has_all(text);
    return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, is_digit);
}

/// "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711"; IPv6 ones
/// maybe with a zone id, which means something on the proxy's machine alone.
std::optional<IpAddress> parse_node(std::string_view text) noexcept {
    bool bracketed = false;
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos) return {};
        const std::string_view after = text.substr(close + 1);
        if (!after.empty() && (after[0] != ':' || !is_port(after.substr(1)))) return {};
        text = text.substr(1, close - 1);
        bracketed = true;
    } else if (const std::size_t colon = text.find(':');
               colon != std::string_view::npos && colon == text.rfind(':')) {
        if (!is_port(text.substr(colon + 1))) return {};
        text = text.substr(0, colon);
    }
    const bool v6 = text.find(':') != std::string_view::npos;
    if (bracketed && !v6) return {};
    if (const std::size_t percent = text.find('%'); percent != std::string_view::npos && v6) {
        const std::string_view zone = text.substr(percent + 1);
        if (zone.empty() || !kUnreserved.has_all(zone)) return {};
        text = text.substr(0, percent);
    }
    return IpAddress::parse(text);
}

void apply_scheme(Request& request, std::string_view scheme) noexcept {
    if (equal_names(scheme, "https")) request.set_https(true);
    if (equal_names(scheme, "http")) request.set_https(false);
}

void apply_host(Request& request, std::string_view host) noexcept {
    if (parse_host_port(host)) request.set_host(host);
}

/// A pair of a forwarded-element (RFC 7239 §4) that counts; an empty value: not there.
struct Element {
    std::string_view node;
    std::string_view scheme;
    std::string_view host;
};

std::optional<Element> parse_element(std::string_view text) noexcept {
    Element element;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(';'), text.size());
        const std::string_view pair = trim(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        const std::size_t name = token_length(pair);
        if (name == 0 || name == pair.size() || pair[name] != '=') return {};
        std::string_view value = pair.substr(name + 1);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
            value = value.substr(1, value.size() - 2);
        }
        // Nothing that counts needs an escape or holds a quote.
        if (value.empty() || value.find_first_of("\"\\") != std::string_view::npos) return {};
        const auto take = [&](std::string_view wanted, std::string_view& into) {
            if (!equal_names(pair.substr(0, name), wanted)) return true;
            // RFC 7239 §4: "Each parameter MUST NOT occur more than once per field-value".
            if (!into.empty()) return false;
            into = value;
            return true;
        };
        if (!take("for", element.node) || !take("proto", element.scheme) ||
            !take("host", element.host)) {
            return {};
        }
    }
    return element;
}

void apply_rfc7239(Request& request, const CidrSet& trusted) noexcept {
    Element last;
    MembersFromRight members(request.headers(), "Forwarded");
    while (const auto member = members.next()) {
        const auto element = parse_element(*member);
        if (!element) break;
        last = *element;
        const auto address = parse_node(element->node);
        if (!address) break;
        request.set_client(*address);
        if (!trusted.contains(*address)) break;
    }
    apply_scheme(request, last.scheme);
    apply_host(request, last.host);
}

/// The member that belongs to the hop `from_right` when every proxy appends one, as it does to the
/// addresses; the last when the proxies overwrite it.
std::string_view member_of_hop(const HeaderView& headers, std::string_view name, std::size_t hops,
                               std::size_t from_right) noexcept {
    MembersFromRight members(headers, name);
    std::string_view member = members.next().value_or(std::string_view{});
    if (count_members(headers, name) != hops) return member;
    while (from_right-- > 0) member = members.next().value_or(std::string_view{});
    return member;
}

void apply_x_forwarded(Request& request, const CidrSet& trusted) noexcept {
    const HeaderView& headers = request.headers();
    MembersFromRight members(headers, "X-Forwarded-For");
    std::size_t read = 0;
    while (const auto member = members.next()) {
        const auto address = parse_node(*member);
        if (!address) break;
        ++read;
        request.set_client(*address);
        if (!trusted.contains(*address)) break;
    }
    const std::size_t hops = count_members(headers, "X-Forwarded-For");
    const std::size_t hop = read == 0 ? 0 : read - 1;
    apply_scheme(request, member_of_hop(headers, "X-Forwarded-Proto", hops, hop));
    apply_host(request, member_of_hop(headers, "X-Forwarded-Host", hops, hop));
}

}  // namespace

void apply_forwarded(Request& request, const CidrSet& trusted, ForwardingFields fields) {
    if (!trusted.contains(request.peer())) return;
    const bool rfc7239 =
        fields == ForwardingFields::forwarded ||
        (fields == ForwardingFields::automatic && !request.headers().contains("X-Forwarded-For") &&
         request.headers().contains("Forwarded"));
    if (rfc7239) {
        apply_rfc7239(request, trusted);
    } else {
        apply_x_forwarded(request, trusted);
    }
}

bool has_forwarding_fields(const Request& request) noexcept {
    const HeaderView& headers = request.headers();
    return headers.contains("X-Forwarded-For") || headers.contains("X-Forwarded-Proto") ||
           headers.contains("X-Forwarded-Host") || headers.contains("Forwarded");
}

}  // namespace portico::http
