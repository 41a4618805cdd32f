#include "portico/http/etag.hpp"

#include <array>
#include <stdexcept>

#include "http/bytes.hpp"
#include "portico/http/request.hpp"
#include "portico/http/response.hpp"

namespace portico::http {

namespace {

// RFC 9110 §8.8.3: etagc = %x21 / %x23-7E / obs-text.
constexpr ByteSet kTagBytes = ByteSet().with_range(0x21, 0xff).without("\"\x7f");

constexpr std::array<std::string_view, 3> kSuffixes = {"-gzip", "-br", "-zstd"};

std::string_view without_suffix(std::string_view opaque) noexcept {
    for (const std::string_view suffix : kSuffixes) {
        if (opaque.ends_with(suffix)) return opaque.substr(0, opaque.size() - suffix.size());
    }
    return opaque;
}

bool same_opaque(std::string_view asked, std::string_view current) noexcept {
    return asked == current || without_suffix(asked) == current;
}

/// Takes the tag at the start of `text` away from it.
std::optional<EntityTag> take_tag(std::string_view& text) noexcept {
    EntityTag tag;
    std::string_view rest = text;
    // RFC 9110 §8.8.3: weak = %s"W/", in this case alone.
    if (rest.starts_with("W/")) {
        tag.weak = true;
        rest.remove_prefix(2);
    }
    if (!rest.starts_with('"')) return {};
    const std::size_t close = rest.find('"', 1);
    if (close == std::string_view::npos) return {};
    tag.opaque = rest.substr(1, close - 1);
    if (!kTagBytes.has_all(tag.opaque)) return {};
    text = rest.substr(close + 1);
    return tag;
}

/// A list is read up to its first fault.
template <class Same>
bool any_tag(std::string_view field, Same same) noexcept {
    while (true) {
        field = trim(field);
        while (field.starts_with(',')) field = trim(field.substr(1));
        if (field.empty()) return false;
        const auto tag = take_tag(field);
        if (!tag) return false;
        if (same(*tag)) return true;
        field = trim(field);
        if (!field.empty() && field.front() != ',') return false;
    }
}

/// RFC 9110 §5.3: several fields of a list are one list.
template <class Holds>
bool any_field(const HeaderView& headers, std::string_view name, Holds holds) {
    for (const auto field : headers) {
        if (equal_names(field.name, name) && holds(field.value)) return true;
    }
    return false;
}

bool is_any(std::string_view field) noexcept {
    return trim(field) == "*";
}

std::optional<DateTime> date_of(const Request& request, std::string_view name) {
    const auto text = request.headers().get(name);
    return text ? parse_date(*text, request.clock().now()) : std::nullopt;
}

}  // namespace

std::optional<EntityTag> EntityTag::parse(std::string_view text) noexcept {
    const auto tag = take_tag(text);
    return text.empty() ? tag : std::nullopt;
}

std::string make_etag(std::string_view opaque, bool weak) {
    if (!kTagBytes.has_all(opaque)) {
        throw std::invalid_argument(
            "etag: expected a text without quotes, spaces and control characters (RFC 9110 "
            "§8.8.3)");
    }
    std::string tag = weak ? "W/\"" : "\"";
    return tag.append(opaque).append("\"");
}

std::string etag_for_encoding(std::string_view etag, std::string_view coding) {
    const auto tag = EntityTag::parse(etag);
    const std::string suffix = "-" + std::string(coding);
    if (!tag || tag->opaque.ends_with(suffix)) return std::string(etag);
    return make_etag(std::string(tag->opaque) + suffix, tag->weak);
}

bool if_match_holds(std::string_view field, std::string_view etag) noexcept {
    if (is_any(field)) return true;
    const auto current = EntityTag::parse(etag);
    // RFC 9110 §8.8.3.2, strong comparison: both are not weak.
    return current && !current->weak && any_tag(field, [&](const EntityTag& tag) {
               return !tag.weak && same_opaque(tag.opaque, current->opaque);
           });
}

bool if_none_match_holds(std::string_view field, std::string_view etag) noexcept {
    if (is_any(field)) return false;
    const auto current = EntityTag::parse(etag);
    return !current || !any_tag(field, [&](const EntityTag& tag) {
        return same_opaque(tag.opaque, current->opaque);
    });
}

Precondition evaluate_preconditions(const Request& request, const Validators& validators) {
    const HeaderView& headers = request.headers();
    const bool reads = request.method() == Method::get || request.method() == Method::head;
    const auto last_modified =
        validators.last_modified
            ? std::optional{std::chrono::floor<std::chrono::seconds>(*validators.last_modified)}
            : std::nullopt;

    // RFC 9110 §13.2.2, step 1 and, without If-Match, step 2.
    if (headers.contains("If-Match")) {
        const bool holds = validators.exists && any_field(headers, "If-Match", [&](auto field) {
                               return if_match_holds(field, validators.etag);
                           });
        if (!holds) return Precondition::failed;
    } else if (const auto since = date_of(request, "If-Unmodified-Since")) {
        if (!validators.exists || (last_modified && *last_modified > *since)) {
            return Precondition::failed;
        }
    }

    // Step 3 and, without If-None-Match, step 4.
    if (headers.contains("If-None-Match")) {
        const bool matched =
            validators.exists && any_field(headers, "If-None-Match", [&](auto field) {
                return !if_none_match_holds(field, validators.etag);
            });
        if (matched) return reads ? Precondition::not_modified : Precondition::failed;
    } else if (reads && validators.exists && last_modified) {
        const auto since = date_of(request, "If-Modified-Since");
        if (since && *last_modified <= *since) return Precondition::not_modified;
    }
    return Precondition::proceed;
}

std::optional<Response> answer_preconditions(const Request& request, const Validators& validators) {
    switch (evaluate_preconditions(request, validators)) {
        case Precondition::proceed:
            return std::nullopt;
        case Precondition::not_modified: {
            // RFC 9110 §15.4.5: a 304 has the ETag "that would have been sent in a 200".
            Response response(304);
            set_validators(response, validators);
            return response;
        }
        case Precondition::failed:
            break;
    }
    return Response(412);
}

void set_validators(Response& response, const Validators& validators) {
    if (!validators.etag.empty()) response.headers.set("ETag", validators.etag);
    if (validators.last_modified) {
        response.headers.set("Last-Modified", format_date(*validators.last_modified));
    }
}

}  // namespace portico::http
