#include <algorithm>

#include "model/enums.hpp"
#include "model/reader.hpp"
#include "model/tags.hpp"
#include "portico/model/write.hpp"

/// Variants whose alternatives are told by a tag in them: `discriminator("kind")`.
namespace portico::model {

using detail::details_of;

std::span<const EnumValue> tags_of(const Type& alternative, std::string_view tag) {
    for (const Field& field : fields_of(alternative)) {
        const Type& type = *field.slot.type;
        if (field.alias == tag && type.kind == Kind::enumerator &&
            details_of<detail::EnumDetails>(type).is_literal) {
            return enum_values(type);
        }
    }
    return {};
}

namespace {

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

/// As much of a tag as a fault shows of any input.
std::string shown(std::string tag) {
    if (tag.size() <= Faults::kInputBytes) return tag;
    std::size_t end = Faults::kInputBytes;
    while (end > 0 && (static_cast<unsigned char>(tag[end]) & 0xC0) == 0x80) --end;
    tag.resize(end);
    return tag + "…";
}

Problem tag_not_found(std::string_view tag_name) {
    std::string ctx = R"({"discriminator":)";
    write_json_string(quoted(tag_name), ctx);
    return {"union_tag_not_found", "Unable to extract tag using discriminator " + quoted(tag_name),
            ctx + "}"};
}

Problem tag_invalid(std::string_view tag_name, const std::string& tag,
                    std::span<const Slot> alternatives) {
    std::string expected;
    for (const Slot& each : alternatives) {
        for (const EnumValue& value : tags_of(*each.type, tag_name)) {
            if (!expected.empty()) expected += ", ";
            expected += quoted(value.name);
        }
    }
    std::string ctx = R"({"discriminator":)";
    write_json_string(quoted(tag_name), ctx);
    ctx += R"(,"tag":)";
    write_json_string(tag, ctx);
    ctx += R"(,"expected_tags":)";
    write_json_string(expected, ctx);
    return {"union_tag_invalid",
            "Input tag " + quoted(tag) + " found using " + quoted(tag_name) +
                " does not match any of the expected tags: " + expected,
            ctx + "}"};
}

}  // namespace

/// Walks over the object at the cursor; the last member of the name is its tag.
bool Reader::find_tag(std::string_view name, unsigned depth, std::optional<std::string>& tag) {
    if (!in_.open(depth)) return false;
    for (bool first = true, done = false;; first = false) {
        Scanner::String key;
        if (!in_.next_key(first, done, key)) return false;
        if (done) return true;
        const bool is_tag = key.text == name;
        const char* const from = in_.at();
        if (is_tag && in_.peek() == '"') {
            Scanner::String text;
            if (!in_.string(text)) return false;
            tag = std::string(text.text);
        } else {
            if (!in_.skip_value(depth + 1)) return false;
            if (is_tag) tag = std::string(in_.since(from));
        }
        in_.skip_space();
        if (in_.take('}')) return true;
        if (!in_.take(',')) return in_.fail("Expecting ',' delimiter");
    }
}

bool Reader::tagged(Slot slot, void* out, const Location& at, unsigned depth) {
    if (in_.peek() != '{') {
        return refuse(slot, at, depth, "model_attributes_type",
                      "Input should be a valid dictionary or object to extract fields from");
    }
    const auto& details = details_of<detail::VariantDetails>(*slot.type);
    const std::string_view name = slot.annotations->discriminator;
    const char* const from = in_.at();
    std::optional<std::string> tag;
    if (!find_tag(name, depth, tag)) return false;
    bytes_tried_ += in_.since(from).size();
    if (!tag) {
        fault(slot, at, tag_not_found(name), from);
        return true;
    }
    const auto chosen = std::ranges::find_if(details.alternatives, [&](const Slot& each) {
        return std::ranges::find(tags_of(*each.type, name), *tag, &EnumValue::name) !=
               tags_of(*each.type, name).end();
    });
    if (chosen == details.alternatives.end()) {
        fault(slot, at, tag_invalid(name, shown(std::move(*tag)), details.alternatives), from);
        return true;
    }
    const Location here(*tag, &at);
    const std::size_t before = faults_->size();
    Temporary object(*chosen->type);
    in_.go_to(from);
    if (!value(*chosen, object.get(), here, depth)) return false;
    if (faults_->size() != before || enough()) return true;
    details.assign(out, static_cast<std::size_t>(chosen - details.alternatives.begin()),
                   object.get());
    if (slot.annotations->check != nullptr && !run_check(slot, out, problem_)) {
        fault(slot, at, problem_, from);
    }
    return true;
}

}  // namespace portico::model
