#include <set>

#include "model/inner_slots.hpp"
#include "model/type_names.hpp"
#include "portico/model/annotations.hpp"
#include "portico/model/details.hpp"
#include "portico/model/schema.hpp"

/// The names of the definitions, and which models are two of them.
namespace portico::model {
namespace {

using detail::details_of;

constexpr std::string_view kInput = "-Input";
constexpr std::string_view kOutput = "-Output";

/// "shop::ItemCreate" of "… [T = shop::ItemCreate]".
std::string_view qualified_name(std::string_view pretty) {
    const auto start = pretty.find("T = ");
    if (start == pretty.npos) return pretty;
    pretty.remove_prefix(start + 4);
    return pretty.substr(0, pretty.find_first_of(";]"));
}

/// Looks for a member, however deep, that makes a model another one when it is answered.
class Difference {
public:
    /// `strict`: what is required counts, and what goes one way only.
    explicit Difference(bool strict) : strict_(strict) {}

    bool in(const Type& type) {
        for (const Slot& inner : inner_slots(type)) {
            if (in(*inner.type)) return true;
        }
        switch (type.kind) {
            case Kind::object:
            case Kind::partial:
                return in_model(type);
            case Kind::text:
                return strict_ && !details_of<detail::TextDetails>(type).output_schema.empty();
            default:
                return false;
        }
    }

private:
    bool in_model(const Type& type) {
        if (!seen_.insert(&type).second) return false;
        const detail::ModelTable& table = detail::table_of(type);
        if (!table.computed.empty() && type.kind == Kind::object) return true;
        for (const Field& field : table.fields) {
            if (field.alias != field.serialization_alias) return true;
            if (!field.written && !field.slot.annotations->write_only) return true;
            if (strict_ && (!field.read || !field.written)) return true;
            if (strict_ && !field.required && type.kind == Kind::object) return true;
            if (in(*field.slot.type)) return true;
        }
        return table.extras.type != nullptr && in(*table.extras.type);
    }

    bool strict_;
    std::set<const Type*> seen_;
};

void rename_references(Json& value, const std::string& prefix,
                       const std::map<std::string, std::string>& names) {
    if (value.is_array()) {
        for (Json& item : value.items()) rename_references(item, prefix, names);
    } else if (value.is_object()) {
        for (auto& [key, member] : value.members()) {
            if (!member.is_string()) {
                rename_references(member, prefix, names);
                continue;
            }
            const std::string_view target = member.as_string();
            if (!target.starts_with(prefix)) continue;
            const auto renamed = names.find(std::string(target.substr(prefix.size())));
            if (renamed != names.end()) member = prefix + renamed->second;
        }
    }
}

}  // namespace

SchemaBuilder::SchemaBuilder(std::string prefix, bool separate)
    : prefix_(std::move(prefix)), separate_(separate) {}

std::string SchemaBuilder::free_name(const Type& type) const {
    const bool partial = type.kind == Kind::partial;
    const Type& named = partial ? *details_of<detail::PartialDetails>(type).model : type;
    std::string_view title;
    std::string_view pretty;
    if (named.kind == Kind::object) {
        const auto& details = details_of<detail::ModelDetails>(named);
        title = details.config.title;
        pretty = qualified_name(details.pretty_type);
    } else {
        pretty = qualified_name(details_of<detail::EnumDetails>(named).pretty_type);
    }
    const std::string before = partial ? "Partial" : "";
    std::string name = before + definition_key(title.empty() ? named.name : title, false);
    if (names_.contains(name)) name = before + definition_key(pretty, true);
    while (names_.contains(name)) name += '_';
    return name;
}

bool SchemaBuilder::differs(const Type& type) const {
    return Difference(separate_).in(type);
}

const SchemaBuilder::Named& SchemaBuilder::named(const Type& type) {
    const auto known = named_.find(&type);
    if (known != named_.end()) return known->second;
    const Named fresh{free_name(type), differs(type)};
    names_.insert(fresh.name);
    return named_.emplace(&type, fresh).first->second;
}

Json SchemaBuilder::reference(const Type& type, Mode mode) {
    const Named& known = named(type);
    std::string name = known.name;
    if (known.differs) {
        name += mode == Mode::validation ? kInput : kOutput;
    } else if (!separate_) {
        mode = Mode::validation;
    }
    // Its place is taken first: a model may refer to itself.
    if (definitions_.try_emplace(name).second) {
        definitions_[name] = object_schema(type, mode, known.differs);
    }
    return Json::object({{"$ref", prefix_ + name}});
}

void SchemaBuilder::settle(Json& document) {
    std::map<std::string, std::string> names;
    for (const auto& [type, known] : named_) {
        if (!known.differs) continue;
        const std::string input = known.name + std::string(kInput);
        const std::string output = known.name + std::string(kOutput);
        if (!definitions_.contains(output)) names[input] = known.name;
        if (!definitions_.contains(input)) names[output] = known.name;
    }
    if (names.empty()) return;
    std::map<std::string, Json> settled;
    for (auto& [name, definition] : definitions_) {
        rename_references(definition, prefix_, names);
        const auto renamed = names.find(name);
        settled[renamed != names.end() ? renamed->second : name] = std::move(definition);
    }
    definitions_ = std::move(settled);
    rename_references(document, prefix_, names);
}

}  // namespace portico::model
