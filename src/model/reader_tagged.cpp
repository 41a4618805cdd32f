#include <utility>

#include "model/reader.hpp"
#include "model/tags.hpp"
#include "portico/model/echo.hpp"
#include "portico/model/secret.hpp"
#include "portico/model/write.hpp"

/// Variants whose alternatives are told apart by the value of one member: no alternative is tried,
/// the tag says which it is, and faults are those of that one.
namespace portico::model {
namespace {

std::string quoted(std::string_view text) {
    std::string json;
    write_json_string(text, json);
    return json;
}

/// A tag as it is shown: the input is a stranger's, and as long as the body allows.
std::string shown(std::string_view tag) {
    std::string text(tag.substr(0, Faults::kInputBytes));
    while (!text.empty() && find_invalid_utf8(text) != std::string_view::npos) text.pop_back();
    return text.size() < tag.size() ? text + "…" : text;
}

/// What is no string, in Python's words.
std::string python_text(std::string_view json) {
    if (json == "null") return "None";
    if (json == "true") return "True";
    return json == "false" ? "False" : std::string(json);
}

}  // namespace

/// Looks through the object at the cursor; of members of one name the last counts.
bool Reader::find_tag(std::string_view alias, unsigned depth, std::optional<std::string>& tag) {
    if (!in_.open(depth)) return false;
    for (bool first = true, done = false;; first = false) {
        Scanner::String key;
        if (!in_.next_key(first, done, key)) return false;
        if (done) return true;
        if (key.text != alias) {
            if (!in_.skip_value(depth + 1)) return false;
        } else if (in_.peek() == '"') {
            Scanner::String text;
            if (!in_.string(text)) return false;
            tag = std::string(text.text);
        } else {
            const char* from = in_.at();
            if (!in_.skip_value(depth + 1)) return false;
            tag = python_text(in_.since(from));
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
    const TagTable& tags = tags_of(slot);
    const auto& details = detail::details_of<detail::VariantDetails>(*slot.type);
    const char* from = in_.at();
    std::optional<std::string> tag;
    if (!find_tag(tags.alias, depth, tag)) return false;
    const std::string name = "'" + std::string(tags.alias) + "'";
    if (!tag) {
        fault(slot, at,
              {"union_tag_not_found", "Unable to extract tag using discriminator " + name,
               R"({"discriminator":)" + quoted(name) + "}"},
              from);
        return true;
    }
    const auto index = tags.find(*tag);
    if (!index) {
        // Beside a secret the tag may be one.
        const bool hidden = hidden_ || has_secret(*slot.type);
        const std::string its = hidden ? std::string(SecretString::kMask) : shown(*tag);
        fault(slot, at,
              {"union_tag_invalid",
               "Input tag '" + its + "' found using " + name +
                   " does not match any of the expected tags: " + tags.expected(),
               R"({"discriminator":)" + quoted(name) + R"(,"tag":)" + quoted(its) +
                   R"(,"expected_tags":)" + quoted(tags.expected()) + "}"},
              from);
        return true;
    }
    const Slot alternative = details.alternatives[*index];
    Temporary chosen(*alternative.type);
    const std::size_t before = faults_->size();
    const Location here(*tag, &at);
    in_.go_to(from);
    if (!value(alternative, chosen.get(), here, depth)) return false;
    if (faults_->size() == before && !enough()) details.assign(out, *index, chosen.get());
    return true;
}

}  // namespace portico::model
