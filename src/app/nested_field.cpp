#include "app/nested_field.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "app/styled_field.hpp"
#include "portico/model/details.hpp"
#include "portico/model/read.hpp"
#include "portico/model/write.hpp"

namespace portico::app {
namespace {

using model::Kind;
using model::detail::details_of;

/// Brackets in one name; what has more is not read.
constexpr std::size_t kMostLevels = 16;

struct Node {
    std::string_view key;
    std::vector<std::string_view> texts = {};
    std::vector<Node> children = {};  // in the order of their first pair

    Node& child(std::string_view name) {
        const auto found = std::ranges::find(children, name, &Node::key);
        return found != children.end() ? *found : children.emplace_back(Node{name});
    }
};

/// The keys of "[price][gte]"; none when it is not of that form.
std::vector<std::string_view> keys_of(std::string_view brackets) {
    std::vector<std::string_view> keys;
    while (!brackets.empty()) {
        const auto close = brackets.find(']');
        if (brackets.front() != '[' || close == brackets.npos || keys.size() == kMostLevels) {
            return {};
        }
        keys.push_back(brackets.substr(1, close - 1));
        brackets.remove_prefix(close + 1);
    }
    return keys;
}

const model::Type& without_optional(const model::Slot& slot) {
    const model::Type* type = slot.type;
    while (type->kind == Kind::optional)
        type = details_of<model::detail::OptionalDetails>(*type).item.type;
    return *type;
}

/// The slot of a member; type null where the model has none of that name.
model::Slot member_slot(const model::Type& type, std::string_view key) {
    if (type.kind == Kind::map) return details_of<model::detail::MapDetails>(type).value;
    for (const model::Field& field : model::fields_of(type)) {
        if (field.alias == key) return field.slot;
    }
    return {};
}

/// What the items of a list are ordered by: "[2]" comes before "[10]".
std::pair<std::size_t, std::string_view> position(const Node& item) {
    std::size_t index = SIZE_MAX;
    std::from_chars(item.key.data(), item.key.data() + item.key.size(), index);
    return {index, item.key};
}

void write(Node& node, const model::Type* type, std::string& out) {
    const bool is_list = type != nullptr && type->kind == Kind::array;
    const auto item = is_list ? details_of<model::detail::ArrayDetails>(*type).item : model::Slot{};
    const char* separator = "";
    if (node.children.empty()) {
        if (is_list) out += '[';
        for (const auto text : is_list ? node.texts : std::vector{node.texts.back()}) {
            out += std::exchange(separator, ",");
            model::write_json_string(text, out);
        }
        if (is_list) out += ']';
        return;
    }
    if (is_list) std::ranges::sort(node.children, {}, position);
    out += is_list ? '[' : '{';
    for (Node& child : node.children) {
        out += std::exchange(separator, ",");
        model::Slot slot = item;
        if (!is_list) {
            model::write_json_string(child.key, out);
            out += ':';
            slot = type != nullptr ? member_slot(*type, child.key) : model::Slot{};
        }
        write(child, slot.type != nullptr ? &without_optional(slot) : nullptr, out);
    }
    out += is_list ? ']' : '}';
}

bool is_utf8(std::string_view text, const model::Location& root, std::string_view name,
             model::Faults& faults) {
    std::string kept;
    return model::read_text({&text, 1}, model::slot_of<std::string>(), &kept,
                            model::Location(name, &root), faults);
}

}  // namespace

std::optional<std::string> nested_json(const TextSource& source, std::string_view name,
                                       const model::Slot& slot, model::Faults& faults) {
    Node root{name};
    const model::Location at(source.word);
    for (const auto& pair : source.pairs) {
        if (!is_below(pair.name, name) || (source.empty_is_missing && pair.value.empty())) continue;
        const auto keys = keys_of(pair.name.substr(name.size()));
        if (keys.empty()) continue;
        if (!is_utf8(pair.name, at, name, faults) || !is_utf8(pair.value, at, name, faults)) {
            return "{}";
        }
        Node* node = &root;
        for (const auto key : keys) node = &node->child(key);
        node->texts.push_back(pair.value);
    }
    if (root.children.empty()) return std::nullopt;
    std::string json;
    write(root, &without_optional(slot), json);
    return json;
}

}  // namespace portico::app
