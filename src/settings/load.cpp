#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <new>
#include <ranges>
#include <span>
#include <utility>

#include "portico/model/details.hpp"
#include "portico/model/read.hpp"
#include "portico/settings/settings.hpp"
#include "settings/arguments.hpp"
#include "settings/expected.hpp"
#include "settings/help.hpp"
#include "settings/layers.hpp"
#include "settings/leaf.hpp"

namespace portico::settings::detail {
namespace {

constexpr int kWrongSettings = 2;

void* address(void* settings, std::size_t offset) noexcept {
    return static_cast<std::byte*>(settings) + offset;
}

/// "guard.rate_limit": where in a group of settings something is wrong.
std::string field_at(const std::string& group, const std::vector<model::Fault::Step>& path) {
    model::Fault fault;
    fault.loc = path;
    std::string field = fault.joined_loc();
    if (group.empty()) return field;
    return field.empty() ? group : group + "." + field;
}

/// Fills the settings leaf by leaf.
class Loader {
public:
    Loader(const Layout& layout, const Arguments& arguments, const std::vector<Layer>& layers,
           Sources& sources, Problems& problems)
        : layout_(layout),
          arguments_(arguments),
          layers_(layers),
          sources_(sources),
          problems_(problems) {}

    void fill(void* settings) {
        for (const Group& group : layout_.groups) refuse_value_of(group);
        for (const Leaf& leaf : layout_.leaves) {
            const Found* found = find(leaf);
            if (found != nullptr) {
                read(leaf, *found, address(settings, leaf.offset));
            } else if (leaf.required && !problems_.has(leaf.field)) {
                problems_.add({leaf.field, missing(leaf),
                               fmt::format("environment variable {}", leaf.variable)});
            }
            sources_.set(leaf.field, found != nullptr ? found->source : "default");
        }
    }

    // What models check as a whole, innermost last as they are declared.
    void validate(void* settings) {
        for (const Group& group : layout_.groups) {
            const auto& details =
                model::detail::details_of<model::detail::ModelDetails>(*group.slot.type);
            if (details.validate == nullptr || problems_.has(group.field)) continue;
            if (group.field.empty() && !problems_.empty()) continue;
            void* const at = address(settings, group.offset);
            model::ValidationErrors errors(*group.slot.type, at);
            details.validate(at, errors);
            for (const auto& error : errors.list()) {
                problems_.add({field_at(group.field, error.path), error.message, ""});
            }
        }
    }

private:
    const Found* find(const Leaf& leaf) const {
        const auto given = arguments_.values.find(leaf.field);
        if (given != arguments_.values.end()) return &given->second;
        return find_variable(leaf.variable);
    }
    const Found* find_variable(std::string_view variable) const {
        const std::string name = to_lower(variable);
        for (const Layer& layer : layers_) {
            const auto found = layer.find(name);
            if (found != layer.end()) return &found->second;
        }
        return nullptr;
    }

    static std::string missing(const Leaf& leaf) {
        std::string sentence = fmt::format("expected {}, but it is not set", expected(leaf.slot));
        const auto* annotations = leaf.slot.annotations;
        if (annotations != nullptr && !annotations->description.empty()) {
            sentence += ". ";
            sentence += annotations->description;
        }
        return sentence;
    }

    // Nothing reads GUARD={…}: without a word, its fields would keep their defaults.
    void refuse_value_of(const Group& group) {
        if (group.field.empty()) return;
        const Found* found = find_variable(group.variable);
        if (found == nullptr || !found->text.starts_with('{')) return;
        problems_.add(
            {group.field,
             fmt::format("takes no JSON as a whole: set its fields, {}__…", group.variable),
             found->source});
    }

    void read(const Leaf& leaf, const Found& found, void* out) {
        const bool optional = leaf.slot.type->kind == model::Kind::optional;
        if (optional && found.text.empty()) {
            model::detail::details_of<model::detail::OptionalDetails>(*leaf.slot.type).reset(out);
            return;
        }
        const model::Location at(leaf.field);
        model::Faults faults;
        const std::array<std::string_view, 1> texts{found.text};
        const bool good = leaf.json ? model::read_json(found.text, leaf.slot, out, at, faults)
                                    : model::read_text(texts, leaf.slot, out, at, faults);
        if (good) return;
        for (const model::Fault& fault : faults.list()) {
            problems_.add({field_of(leaf, fault), describe(leaf, fault, found.text), found.source});
        }
    }

    // "cors_origins.1": what is wrong in a list is named.
    static std::string field_of(const Leaf& leaf, const model::Fault& fault) {
        std::string field = leaf.field;
        if (fault.type == "json_invalid") return field;
        for (const auto& step : fault.loc | std::views::drop(1)) {
            field += '.';
            field += step.is_index ? std::to_string(step.index) : step.key;
        }
        return field;
    }

    const Layout& layout_;
    const Arguments& arguments_;
    const std::vector<Layer>& layers_;
    Sources& sources_;
    Problems& problems_;
};

// What a check found has no source yet: that of its field, which a Sources need not be asked for.
void add_sources(const Layout& layout, const Sources& sources, Problems& problems) {
    for (Problem& problem : problems.list()) {
        if (!problem.source.empty()) continue;
        if (std::ranges::find(layout.leaves, problem.field, &Leaf::field) == layout.leaves.end()) {
            continue;
        }
        problem.source = sources.of(problem.field);
    }
}

Exit wrong_settings(std::string_view program, Problems problems) {
    const auto count = problems.list().size();
    std::string text = fmt::format("{}: {} of its settings {} wrong:\n", program, count,
                                   count == 1 ? "is" : "are");
    for (const Problem& problem : problems.list()) {
        fmt::format_to(std::back_inserter(text), "  {}\n", problem.to_string());
    }
    return {kWrongSettings, std::move(text), std::move(problems.list())};
}

}  // namespace

Object::Object(const model::Type& type)
    : type_(type), at_(::operator new(type.size, std::align_val_t{type.alignment})) {
    // A plain number without a default would be whatever the memory held.
    std::memset(at_, 0, type.size);
    type.construct(at_);
}

Object::~Object() {
    type_.destroy(at_);
    ::operator delete(at_, std::align_val_t{type_.alignment});
}

std::optional<Exit> load(const model::Type& type, void* settings, int argc, const char* const* argv,
                         const Options& options, Check check) {
    std::string program = options.program;
    if (program.empty() && argc > 0 && argv[0] != nullptr) {
        program = std::filesystem::path(argv[0]).filename().string();
    }
    if (program.empty()) program = "program";

    const Layout layout = layout_of(type, options.env_prefix);
    Problems problems;
    const Arguments arguments = read_arguments(argc, argv, layout, options, problems);
    if (arguments.help) return Exit{0, help_text(program, layout, settings, options), {}};
    if (arguments.version) return Exit{0, fmt::format("{} {}\n", program, options.version), {}};
    const auto layers = read_layers(layout, options, problems);

    Sources sources;
    Loader loader(layout, arguments, layers, sources, problems);
    loader.fill(settings);
    loader.validate(settings);
    check.run(check.check, settings, problems);
    add_sources(layout, sources, problems);
    if (options.sources != nullptr) *options.sources = std::move(sources);
    if (problems.empty()) return {};
    return wrong_settings(program, std::move(problems));
}

}  // namespace portico::settings::detail
