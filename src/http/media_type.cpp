#include "portico/http/media_type.hpp"

#include <algorithm>

#include "http/bytes.hpp"
#include "http/parameters.hpp"
#include "portico/http/headers.hpp"

namespace portico::http {

namespace {

constexpr int kFullWeight = 1000;

/// In thousandths. RFC 9110 §12.4.2: qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ).
std::optional<int> parse_weight(std::string_view text) noexcept {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return {};
    int weight = (text[0] - '0') * kFullWeight;
    if (text.size() > 1 && text[1] != '.') return {};
    int place = 100;
    for (std::size_t at = 2; at < text.size(); ++at, place /= 10) {
        if (!is_digit(text[at])) return {};
        weight += (text[at] - '0') * place;
    }
    return weight <= kFullWeight ? std::optional{weight} : std::nullopt;
}

struct Member {
    std::string_view name;  ///< "text/html", "gzip", "*"
    int weight = kFullWeight;
};

std::optional<Member> parse_member(std::string_view text) noexcept {
    text = trim(text);
    const std::size_t end = std::min(text.find(';'), text.size());
    Member member{.name = trim(text.substr(0, end))};
    ParameterReader parameters(text.substr(end));
    while (const auto parameter = parameters.next()) {
        if (!equal_names(parameter->name, "q")) continue;
        const auto weight = parse_weight(parameter->value);
        if (!weight) return {};
        member.weight = *weight;
    }
    return parameters.malformed() || member.name.empty() ? std::nullopt : std::optional{member};
}

/// The well-formed members of a list. A comma inside a quoted string ends a member too; what is
/// left of it is malformed and passed over.
template <class Visit>
void for_each_member(std::string_view field, Visit visit) noexcept {
    for (std::size_t seen = 0; !field.empty() && seen < kMaxAcceptMembers; ++seen) {
        const std::size_t end = std::min(field.find(','), field.size());
        if (const auto member = parse_member(field.substr(0, end))) visit(*member);
        field.remove_prefix(std::min(end + 1, field.size()));
    }
}

struct Halves {
    std::string_view type;
    std::string_view subtype;
};

Halves split(std::string_view media_type) noexcept {
    const std::size_t slash = std::min(media_type.find('/'), media_type.size());
    return {media_type.substr(0, slash), media_type.substr(std::min(slash + 1, media_type.size()))};
}

/// 0: does not match; 1: "*/*"; 2: "text/*"; 3: "text/html".
int specificity(std::string_view range, const Halves& offer) noexcept {
    const auto [type, subtype] = split(range);
    if (type == "*") return subtype == "*" ? 1 : 0;
    if (!equal_names(type, offer.type)) return 0;
    if (subtype == "*") return 2;
    return equal_names(subtype, offer.subtype) ? 3 : 0;
}

bool same_coding(std::string_view written, std::string_view offer) noexcept {
    // RFC 9110 §8.4.1.3: "A recipient SHOULD consider "x-gzip" to be equivalent to "gzip"."
    return equal_names(written, offer) || (offer == "gzip" && equal_names(written, "x-gzip"));
}

}  // namespace

std::optional<MediaType> MediaType::parse(std::string_view text) noexcept {
    text = trim(text);
    MediaType media;
    const std::size_t type = token_length(text);
    if (type == 0 || type == text.size() || text[type] != '/') return {};
    media.type_ = text.substr(0, type);
    text.remove_prefix(type + 1);
    const std::size_t subtype = token_length(text);
    if (subtype == 0) return {};
    media.subtype_ = text.substr(0, subtype);
    if (media.type_ == "*" || media.subtype_ == "*") return {};  // a range, not a type
    media.parameters_ = text.substr(subtype);
    ParameterReader parameters(media.parameters_);
    while (parameters.next()) {
    }
    return parameters.malformed() ? std::nullopt : std::optional{media};
}

bool MediaType::is_json() const noexcept {
    if (!equal_names(type_, "application")) return false;
    if (equal_names(subtype_, "json")) return true;
    return subtype_.size() > 5 && equal_names(subtype_.substr(subtype_.size() - 5), "+json");
}

bool MediaType::matches(std::string_view range) const noexcept {
    return specificity(trim(range.substr(0, range.find(';'))), {type_, subtype_}) > 0;
}

std::optional<std::string> MediaType::parameter(std::string_view name) const {
    ParameterReader parameters(parameters_);
    while (const auto parameter = parameters.next()) {
        if (!equal_names(parameter->name, name)) continue;
        std::string value;
        for (std::size_t at = 0; at < parameter->value.size(); ++at) {
            if (parameter->quoted && parameter->value[at] == '\\') ++at;
            value += parameter->value[at];
        }
        return value;
    }
    return {};
}

std::optional<std::size_t> negotiate_media_type(std::string_view accept,
                                                std::span<const std::string_view> offers) noexcept {
    if (offers.empty()) return {};
    bool any_member = false;
    for_each_member(accept, [&](const Member&) { any_member = true; });
    if (!any_member) return 0;
    std::optional<std::size_t> best;
    int best_weight = 0;
    for (std::size_t i = 0; i < offers.size(); ++i) {
        const Halves offer = split(offers[i]);
        int weight = 0;
        int decided_by = 0;
        for_each_member(accept, [&](const Member& member) {
            const int rank = specificity(member.name, offer);
            if (rank == 0 || rank < decided_by) return;
            weight = rank > decided_by ? member.weight : std::max(weight, member.weight);
            decided_by = rank;
        });
        if (weight > best_weight) {
            best = i;
            best_weight = weight;
        }
    }
    return best;
}

bool names_media_type(std::string_view accept, std::string_view media_type) noexcept {
    bool named = false;
    for_each_member(accept, [&](const Member& member) {
        named = named || (member.weight > 0 && equal_names(member.name, media_type));
    });
    return named;
}

std::optional<std::size_t> negotiate_encoding(std::string_view accept_encoding,
                                              std::span<const std::string_view> offers) noexcept {
    int identity = 0;
    for_each_member(accept_encoding, [&](const Member& member) {
        if (equal_names(member.name, "identity")) identity = member.weight;
    });
    std::optional<std::size_t> best;
    int best_weight = 0;
    for (std::size_t i = 0; i < offers.size(); ++i) {
        int weight = 0;
        bool named = false;
        for_each_member(accept_encoding, [&](const Member& member) {
            if (same_coding(member.name, offers[i])) {
                weight = member.weight;
                named = true;
            } else if (member.name == "*" && !named) {
                weight = member.weight;
            }
        });
        if (weight > best_weight) {
            best = i;
            best_weight = weight;
        }
    }
    return best_weight >= identity ? best : std::nullopt;
}

}  // namespace portico::http
