#include "guard/honeypot.hpp"

#include <algorithm>

#include "portico/http/form.hpp"
#include "portico/http/media_type.hpp"
#include "portico/model/json.hpp"

namespace portico::guard {
namespace {

bool names(const std::vector<std::string>& fields, std::string_view name) {
    return std::ranges::find(fields, name) != fields.end();
}

/// A person's form sends the field too, empty.
bool is_filled(const model::Json& value) {
    return !value.is_null() && value.dump() != R"("")";
}

}  // namespace

bool fills_honeypot(std::string_view content_type, std::string_view body,
                    const std::vector<std::string>& fields, core::Arena& arena) {
    const auto type = http::MediaType::parse(content_type);
    if (!type) return false;
    if (type->matches("application/x-www-form-urlencoded")) {
        const auto pairs = http::parse_form(body, arena);
        return pairs && std::ranges::any_of(*pairs, [&](const http::NameValue& pair) {
                   return names(fields, pair.name) && !pair.value.empty();
               });
    }
    if (!type->is_json()) return false;
    const auto json = model::Json::parse(body);
    return json && json->is_object() &&
           std::ranges::any_of(json->members(), [&](const model::Json::Member& member) {
               return names(fields, member.first) && is_filled(member.second);
           });
}

}  // namespace portico::guard
