#include "settings/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "portico/model/annotations.hpp"
#include "portico/model/write.hpp"
#include "settings/expected.hpp"

namespace portico::settings::detail {
namespace {

constexpr std::size_t kColumn = 36;
constexpr std::size_t kWidth = 100;

std::string placeholder(const Leaf& leaf) {
    switch (without_optional(leaf.slot).type->kind) {
        case model::Kind::boolean:
            return "";
        case model::Kind::integer:
        case model::Kind::number:
            return " NUMBER";
        case model::Kind::enumerator:
            return " NAME";
        default:
            return leaf.json ? " JSON" : " TEXT";
    }
}

std::string default_of(const Leaf& leaf, const void* defaults) {
    std::string json;
    model::write_json(leaf.slot, static_cast<const std::byte*>(defaults) + leaf.offset, json);
    if (json == "null" || json == R"("")") return {};
    const bool quoted = !leaf.json && json.size() > 1 && json.front() == '"';
    return quoted ? json.substr(1, json.size() - 2) : json;
}

std::string explanation(const Leaf& leaf, const void* defaults) {
    std::string text;
    const auto* annotations = leaf.slot.annotations;
    if (annotations != nullptr && !annotations->description.empty()) {
        text = annotations->description;
        text += "; ";
    }
    text += expected(leaf.slot);
    if (leaf.required) {
        text += " [required]";
    } else if (!leaf.secret) {
        const auto value = default_of(leaf, defaults);
        if (!value.empty()) text += fmt::format(" [default: {}]", value);
    }
    return text;
}

// `left` in its column, `right` broken at spaces beside it.
void append_entry(std::string_view left, std::string_view right, std::string& out) {
    std::string line = fmt::format("  {:<{}}", left, kColumn - 2);
    if (left.size() + 2 >= kColumn) {
        fmt::format_to(std::back_inserter(out), "  {}\n", left);
        line.assign(kColumn, ' ');
    }
    bool fresh = true;
    while (!right.empty()) {
        const auto end = std::min(right.find(' '), right.size());
        if (!fresh && line.size() + 1 + end > kWidth) {
            out += line + '\n';
            line.assign(kColumn, ' ');
            fresh = true;
        }
        if (!fresh) line += ' ';
        line += right.substr(0, end);
        fresh = false;
        right.remove_prefix(std::min(end + 1, right.size()));
    }
    out += line + '\n';
}

}  // namespace

std::string help_text(std::string_view program, const Layout& layout, const void* defaults,
                      const Options& options) {
    std::string out = fmt::format("Usage: {} [options]\n", program);
    if (!options.description.empty()) out += '\n' + options.description + '\n';

    out += "\nOptions (each also as the variable beside it, in the environment or in .env):\n";
    bool secrets = false;
    for (const Leaf& leaf : layout.leaves) {
        secrets = secrets || leaf.secret;
        if (leaf.secret) continue;
        const bool is_switch = without_optional(leaf.slot).type->kind == model::Kind::boolean;
        append_entry(
            fmt::format("--{}{}{}", is_switch ? "[no-]" : "", leaf.option, placeholder(leaf)),
            fmt::format("{} [{}]", explanation(leaf, defaults), leaf.variable), out);
    }
    append_entry("-h, --help", "Prints this text", out);
    if (!options.version.empty()) append_entry("--version", "Prints the version", out);

    if (secrets) {
        out +=
            "\nSecrets (never on the command line; SECRETS_DIR may name a directory of files):\n";
        for (const Leaf& leaf : layout.leaves) {
            if (leaf.secret) append_entry(leaf.variable, explanation(leaf, defaults), out);
        }
    }
    return out;
}

}  // namespace portico::settings::detail
