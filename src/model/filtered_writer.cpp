#include <algorithm>
#include <map>

#include "model/reader.hpp"
#include "portico/model/write.hpp"
#include "portico/model/write_options.hpp"

namespace portico::model {
namespace {

using detail::details_of;

bool is_below(std::string_view path, std::string_view above) {
    return path.size() > above.size() && path.starts_with(above) && path[above.size()] == '.';
}

bool is_null(Slot slot, const void* value) {
    switch (slot.type->kind) {
        case Kind::optional: {
            const auto& details = details_of<detail::OptionalDetails>(*slot.type);
            const void* held = details.get(value);
            return held == nullptr || is_null(details.item, held);
        }
        case Kind::variant: {
            const auto& details = details_of<detail::VariantDetails>(*slot.type);
            const void* held = details.get(value);
            return held == nullptr || is_null(details.alternatives[details.index(value)], held);
        }
        case Kind::any:
            return static_cast<const Json*>(value)->is_null();
        case Kind::raw:
            return static_cast<const RawJson*>(value)->is_null();
        default:
            return false;
    }
}

std::string json_of(Slot slot, const void* value) {
    std::string json;
    write_json(slot, value, json);
    return json;
}

/// Walks models, and what models may be in; the rest is written as ever.
class FilteredWriter {
public:
    FilteredWriter(const WriteOptions& options, std::string& out) : options_(options), out_(out) {}

    void value(Slot slot, const void* value) {
        switch (slot.type->kind) {
            case Kind::optional: {
                const auto& details = details_of<detail::OptionalDetails>(*slot.type);
                const void* held = details.get(value);
                return held == nullptr ? void(out_ += "null") : this->value(details.item, held);
            }
            case Kind::variant: {
                const auto& details = details_of<detail::VariantDetails>(*slot.type);
                const void* held = details.get(value);
                return held == nullptr
                           ? void(out_ += "null")
                           : this->value(details.alternatives[details.index(value)], held);
            }
            case Kind::array:
                return array(details_of<detail::ArrayDetails>(*slot.type), value);
            case Kind::tuple:
                return tuple(details_of<detail::TupleDetails>(*slot.type), value);
            case Kind::map:
                out_ += '{';
                entries(details_of<detail::MapDetails>(*slot.type), value, false);
                out_ += '}';
                return;
            case Kind::object:
                return object(*slot.type, value, ~std::uint64_t{0}, false);
            case Kind::partial: {
                const auto& details = details_of<detail::PartialDetails>(*slot.type);
                // The accessors serve the reader too, which changes what they give.
                void* const partial = const_cast<void*>(value);
                return object(*details.model, details.value(partial),
                              *static_cast<const std::uint64_t*>(details.sent(partial)), true);
            }
            default:
                write_json(slot, value, out_);
        }
    }

private:
    void array(const detail::ArrayDetails& details, const void* array) {
        struct Context {
            FilteredWriter* writer;
            Slot item;
        } context{this, details.item};
        out_ += '[';
        details.each(array, &context, [](void* at, const void* item) {
            const auto& [writer, slot] = *static_cast<Context*>(at);
            writer->comma();
            writer->value(slot, item);
        });
        out_ += ']';
    }

    void tuple(const detail::TupleDetails& details, const void* tuple) {
        out_ += '[';
        for (std::size_t i = 0; i < details.count; ++i) {
            comma();
            value(details.items[details.is_array ? 0 : i], details.at(const_cast<void*>(tuple), i));
        }
        out_ += ']';
    }

    /// Of a map, or of the members that a model did not know, which have names as its own have.
    void entries(const detail::MapDetails& details, const void* map, bool members) {
        struct Context {
            FilteredWriter* writer;
            const detail::MapDetails* details;
            bool members;
        } context{this, &details, members};
        details.each(map, &context, [](void* at, const void* key, const void* value) {
            const auto& [writer, its, are_members] = *static_cast<Context*>(at);
            std::string name = json_of(its->key, key);
            if (!name.starts_with('"')) name = '"' + name + '"';
            if (are_members) {
                writer->member_value(name.substr(1, name.size() - 2), name + ':', its->value,
                                     value);
                return;
            }
            writer->comma();
            writer->out_ += name;
            writer->out_ += ':';
            writer->value(its->value, value);
        });
    }

    void object(const Type& model, const void* object, std::uint64_t sent, bool partial) {
        const detail::ModelTable& table = detail::table_of(model);
        out_ += '{';
        for (const auto& [key, index] : table.outputs) {
            const Field& field = table.fields[index];
            const void* const its = member(object, field);
            if (((sent >> index) & 1) == 0) continue;
            if (options_.exclude_defaults && !partial && is_default(model, index, its)) continue;
            member_value(field.name, options_.by_alias ? key : key_of(field.name), field.slot, its);
        }
        if (table.extras.type != nullptr) {
            entries(details_of<detail::MapDetails>(*table.extras.type),
                    static_cast<const std::byte*>(object) + table.extras_offset, true);
        }
        for (const auto& computed : table.computed) {
            if (partial) break;
            struct Context {
                FilteredWriter* writer;
                const detail::ModelTable::Computed* computed;
            } context{this, &computed};
            computed.raw.get(object, &context, [](void* at, const void* value) {
                const auto& [writer, its] = *static_cast<Context*>(at);
                writer->member_value(its->name,
                                     writer->options_.by_alias ? its->key : key_of(its->name),
                                     its->raw.slot, value);
            });
        }
        out_ += '}';
    }

    void member_value(std::string_view name, const std::string& key, Slot slot, const void* value) {
        if (options_.exclude_none && is_null(slot, value)) return;
        const std::size_t above = path_.size();
        if (above > 0) path_ += '.';
        path_ += name;
        if (is_wanted()) {
            comma();
            out_ += key;
            this->value(slot, value);
        }
        path_.resize(above);
    }

    [[nodiscard]] bool is_wanted() const {
        if (std::ranges::find(options_.exclude, path_) != options_.exclude.end()) return false;
        return options_.include.empty() ||
               std::ranges::any_of(options_.include, [&](const std::string& each) {
                   return each == path_ || is_below(each, path_) || is_below(path_, each);
               });
    }

    bool is_default(const Type& model, std::size_t index, const void* value) {
        const Field& field = detail::table_of(model).fields[index];
        if (field.required || !field.read) return false;
        auto& defaults = defaults_[&model];
        if (defaults.empty()) {
            Temporary object(model);
            for (const Field& each : fields_of(model)) {
                defaults.push_back(json_of(each.slot, member(object.get(), each)));
            }
        }
        return defaults[index] == json_of(field.slot, value);
    }

    static std::string key_of(std::string_view name) {
        std::string key;
        write_json_string(name, key);
        return key + ':';
    }

    void comma() {
        if (!out_.ends_with('{') && !out_.ends_with('[')) out_ += ',';
    }

    const WriteOptions& options_;
    std::string& out_;
    std::string path_;
    std::map<const Type*, std::vector<std::string>> defaults_;
};

}  // namespace

void write_json(Slot slot, const void* value, const WriteOptions& options, std::string& out) {
    FilteredWriter(options, out).value(slot, value);
}

}  // namespace portico::model
