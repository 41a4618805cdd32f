#include "app/styled_field.hpp"

#include <algorithm>
#include <vector>

#include "app/nested_field.hpp"
#include "portico/app/exceptions.hpp"
#include "portico/app/parameter_options.hpp"
#include "portico/http/form.hpp"
#include "portico/model/annotations.hpp"
#include "portico/model/details.hpp"
#include "portico/model/echo.hpp"
#include "portico/model/json.hpp"
#include "portico/model/read.hpp"

namespace portico::app {
namespace {

using Style = TextField::Style;

/// The texts that were sent under one name.
std::vector<std::string_view> texts_of(const TextSource& source, std::string_view name) {
    std::vector<std::string_view> texts;
    if (source.headers != nullptr) {
        for (const auto field : *source.headers) {
            if (http::equal_names(field.name, name)) texts.push_back(field.value);
        }
        return texts;
    }
    for (const auto& pair : source.pairs) {
        if (pair.name == name && !(source.empty_is_missing && pair.value.empty())) {
            texts.push_back(pair.value);
        }
    }
    return texts;
}

std::string_view without_blanks(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

void split(std::string_view list, std::vector<std::string_view>& items) {
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        items.push_back(without_blanks(list.substr(0, comma)));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
}

std::vector<http::NameValue> decoded(std::string_view urlencoded, core::Arena& arena) {
    auto pairs = http::parse_form(urlencoded, arena);
    if (!pairs) throw HTTPException(400, "Too many query parameters");
    return *std::move(pairs);
}

/// The items of every "ids=1,2,3" in a query: RFC 6570 §3.2.8 encodes the commas in an item, not
/// those between them, so they are told apart before anything is decoded.
void split_query(std::string_view query, std::string_view name, core::Arena& arena,
                 std::vector<std::string_view>& items) {
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        const auto equals = std::min(pair.find('='), pair.size());
        const auto names = decoded(pair.substr(0, equals), arena);
        if (names.empty() || names.front().name != name || pair.size() <= equals + 1) continue;
        std::string list = "=";
        for (const char c : pair.substr(equals + 1)) {
            if (c == ',') {
                list += "&=";
            } else {
                list += c;
            }
        }
        for (const auto& item : decoded(arena.copy(list), arena)) items.push_back(item.value);
    }
}

bool bind_list(const TextField& field, const TextSource& source, core::Arena& arena, void* at,
               const model::Location& location, model::Faults& faults) {
    const auto texts = texts_of(source, field.name);
    if (texts.empty()) return false;
    std::vector<std::string_view> items;
    if (!source.raw_query.empty()) {
        split_query(source.raw_query, field.name, arena, items);
    } else {
        for (const auto text : texts) split(text, items);
    }
    model::Slot slot = field.slot;
    if (items.empty() && slot.type->kind == model::Kind::optional) {
        (void)model::read_json("[]", slot, at, location, faults);  // an empty list, not none
    } else {
        (void)model::read_text(items, slot, at, location, faults);
    }
    return true;
}

/// Pydantic's words for a text that is not JSON.
void add_invalid_json(const model::Fault& broken, const TextField& field, std::string_view text,
                      const model::Location& location, model::Faults& faults) {
    std::string reason;
    if (const auto ctx = model::Json::parse(broken.ctx)) {
        if (const auto* error = ctx->find("error")) reason = error->as_string();
    }
    faults.add(location, "json_invalid", "Invalid JSON: " + reason,
               model::echo_text(field.slot, text), broken.ctx);
}

bool bind_json_text(const TextField& field, const TextSource& source, void* at,
                    const model::Location& location, model::Faults& faults) {
    const auto texts = texts_of(source, field.name);
    if (texts.empty()) return false;
    const auto before = faults.size();
    if (model::read_json(texts.back(), field.slot, at, location, faults)) return true;
    for (auto& fault : faults.take_from(before)) {
        if (fault.type == "json_invalid") {
            add_invalid_json(fault, field, texts.back(), location, faults);
        } else {
            faults.add(std::move(fault));
        }
    }
    return true;
}

}  // namespace

Style style_of(Source source, const model::Slot& slot) {
    if (model::mark<AsJson>(slot.annotations) != nullptr) return Style::json;
    const model::Type* type = slot.type;
    while (type->kind == model::Kind::optional) {
        type = model::detail::details_of<model::detail::OptionalDetails>(*type).item.type;
    }
    if (const auto* list = model::mark<explode>(slot.annotations);
        list != nullptr && !list->on && type->kind == model::Kind::array) {
        return Style::commas;
    }
    const bool has_names = source == Source::query || source == Source::form;
    if (has_names && type->kind == model::Kind::array) {
        const auto& item = model::detail::details_of<model::detail::ArrayDetails>(*type).item;
        if (item.type->kind == model::Kind::object) return Style::nested;
    }
    const bool is_object = type->kind == model::Kind::object ||
                           type->kind == model::Kind::partial || type->kind == model::Kind::map;
    return has_names && is_object ? Style::nested : Style::plain;
}

bool is_below(std::string_view pair_name, std::string_view field_name) {
    return pair_name.size() > field_name.size() && pair_name.starts_with(field_name) &&
           pair_name[field_name.size()] == '[';
}

bool bind_styled(const TextField& field, const TextSource& source, core::Arena& arena, void* at,
                 const model::Location& location, model::Faults& faults) {
    switch (field.style) {
        case Style::commas:
            return bind_list(field, source, arena, at, location, faults);
        case Style::json:
            return bind_json_text(field, source, at, location, faults);
        case Style::nested: {
            const auto before = faults.size();
            const auto json = nested_json(source, field.name, field.slot, faults);
            if (!json) return false;
            if (faults.size() == before) {
                (void)model::read_json(*json, field.slot, at, location, faults);
            }
            return true;
        }
        case Style::plain:
            break;
    }
    return false;
}

}  // namespace portico::app
