#include "portico/pagination/links.hpp"

#include <algorithm>
#include <array>

namespace portico::pagination {

namespace {

/// What can't be in a URI (RFC 3986 §2), and would end the reference or the field, is encoded.
void append_encoded(std::string_view text, std::string& out) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7f && c != '<' && c != '>' && c != '"') {
            out += c;
        } else {
            out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
        }
    }
}

/// The query with `name` set to `value`: in the place of the parameter, or at the end.
std::string with(std::string_view query, std::string_view name, std::string_view value) {
    std::string out = "?";
    bool placed = false;
    const auto place = [&] {
        if (placed || value.empty()) return;
        if (out.size() > 1) out += '&';
        out.append(name).append("=").append(value);
        placed = true;
    };
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
        if (pair.substr(0, pair.find('=')) == name) {
            place();
            continue;
        }
        if (pair.empty()) continue;
        if (out.size() > 1) out += '&';
        append_encoded(pair, out);
    }
    place();
    return out;
}

std::string with(std::string_view query, std::string_view name, std::int64_t value) {
    return with(query, name, std::to_string(value));
}

}  // namespace

std::string Links::to_string(std::string_view base) const {
    struct Relation {
        std::string_view name;
        const std::optional<std::string>& reference;
    };
    std::string field;
    for (const auto& [name, reference] : std::array<Relation, 4>{
             {{"first", first}, {"prev", prev}, {"next", next}, {"last", last}}}) {
        if (!reference) continue;
        if (!field.empty()) field += ", ";
        field.append("<").append(base).append(*reference);
        field.append(">; rel=\"").append(name).append("\"");
    }
    return field;
}

namespace detail {

Links page_links(std::string_view query, std::int64_t page, std::int64_t pages) {
    Links links;
    links.first = with(query, "page", 1);
    // Beyond the end, the page before is the last one that there is.
    if (page > 1 && pages > 0) links.prev = with(query, "page", std::min(page - 1, pages));
    if (page < pages) links.next = with(query, "page", page + 1);
    links.last = with(query, "page", std::max<std::int64_t>(pages, 1));
    return links;
}

Links offset_links(std::string_view query, std::int64_t total, std::int64_t skip,
                   std::int64_t limit) {
    Links links;
    links.first = with(query, "skip", std::int64_t{0});
    if (skip > 0) links.prev = with(query, "skip", std::max<std::int64_t>(skip - limit, 0));
    if (limit > 0 && skip < total && limit < total - skip) {
        links.next = with(query, "skip", skip + limit);
    }
    if (limit > 0) {
        // The last page that is reached from this one in steps of `limit`.
        const std::int64_t rest = skip % limit;
        const std::int64_t steps = total > rest ? (total - rest - 1) / limit : 0;
        links.last = with(query, "skip", rest + steps * limit);
    }
    return links;
}

Links cursor_links(std::string_view query, const std::string* next_cursor) {
    Links links;
    links.first = with(query, "cursor", std::string_view());
    if (next_cursor != nullptr) links.next = with(query, "cursor", *next_cursor);
    return links;
}

}  // namespace detail

}  // namespace portico::pagination
