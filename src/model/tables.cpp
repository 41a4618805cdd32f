#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>

#include "model/enums.hpp"
#include "portico/model/annotated.hpp"
#include "portico/model/details.hpp"
#include "portico/model/write.hpp"

namespace portico::model {
namespace detail {

constinit thread_local DefaultRecorder* default_recorder = nullptr;

namespace {

/// "&unmade.value.price", "(& unmade<Item>.Unmade<Item>::value.Item::price)": the last word.
std::string_view member_name(std::string_view spelled) {
    while (spelled.ends_with(')')) spelled.remove_suffix(1);
    const auto before = spelled.find_last_of(".:&) ");
    return before == spelled.npos ? spelled : spelled.substr(before + 1);
}

class Recorded final : public DefaultRecorder {
public:
    Recorded() noexcept : before_(default_recorder) { default_recorder = this; }
    ~Recorded() { default_recorder = before_; }
    Recorded(const Recorded&) = delete;
    Recorded& operator=(const Recorded&) = delete;

    void record(const void* member) override { members_.push_back(member); }
    void forget(const void* member) override { std::erase(members_, member); }
    [[nodiscard]] bool contains(const void* member) const {
        return std::ranges::find(members_, member) != members_.end();
    }

private:
    DefaultRecorder* before_;
    std::vector<const void*> members_;
};

/// One default-initialised object in storage that was filled with a pattern before. What was
/// written by a default is told from what was not: `Annotated` says so itself, a plain scalar
/// without a default leaves the pattern as it was.
class Probe {
public:
    Probe(const Type& type, unsigned char pattern)
        : type_(type),
          at_(static_cast<unsigned char*>(
              ::operator new(type.size, std::align_val_t{type.alignment}))) {
        std::memset(at_, pattern, type.size);
        // Else the optimiser may drop the fill as a dead store.
        asm volatile("" : "+r"(at_)::"memory");
        try {
            Recorded recorded;
            type.construct(at_);
            asm volatile("" : "+r"(at_)::"memory");
            members_.resize(details_of<ModelDetails>(type).count);
            if (!members_.empty()) details_of<ModelDetails>(type).list(at_, members_.data());
            for (const RawMember& member : members_) {
                defaulted_.push_back(!recorded.contains(member.address));
            }
        } catch (...) {
            ::operator delete(at_, std::align_val_t{type.alignment});
            throw;
        }
    }
    ~Probe() {
        type_.destroy(at_);
        ::operator delete(at_, std::align_val_t{type_.alignment});
    }
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;

    [[nodiscard]] const std::vector<RawMember>& members() const noexcept { return members_; }
    [[nodiscard]] std::size_t offset(std::size_t i) const noexcept {
        return static_cast<std::size_t>(static_cast<const unsigned char*>(members_[i].address) -
                                        at_);
    }
    [[nodiscard]] bool recorded(std::size_t i) const noexcept { return !defaulted_[i]; }
    [[nodiscard]] bool still_filled(std::size_t i, unsigned char pattern) const noexcept {
        const auto* at = static_cast<const volatile unsigned char*>(at_) + offset(i);
        for (std::uint32_t k = 0; k < members_[i].scalar_bytes; ++k) {
            if (at[k] != pattern) return false;
        }
        return true;
    }

private:
    const Type& type_;
    unsigned char* at_;
    std::vector<RawMember> members_;
    std::vector<bool> defaulted_;
};

std::string key_of(std::string_view alias) {
    std::string key;
    write_json_string(alias, key);
    return key + ":";
}

/// What is written at the member goes before what the model makes of its name.
std::string_view alias_of(std::string_view name, const Annotations* a, const ModelConfig& config,
                          ModelTable& table) {
    if (a != nullptr && !a->alias.empty()) return a->alias;
    if (config.alias_generator == nullptr) return name;
    return table.aliases.emplace_back(config.alias_generator(name));  // there is room: none moves
}

void add_aliases(Field& field, const Annotations* a, const ModelConfig& config, ModelTable& table) {
    field.alias = field.serialization_alias = alias_of(field.name, a, config, table);
    if (a == nullptr) return;
    if (!a->serialization_alias.empty()) field.serialization_alias = a->serialization_alias;
}

/// The names that a member is read under, the first that is no path being its alias.
void add_inputs(Field& field, const Annotations* a, const ModelConfig& config, ModelTable& table) {
    const std::size_t index = table.fields.size();
    unsigned rank = 0;
    bool named = a == nullptr || a->validation_alias_count == 0;
    for (std::size_t i = 0; a != nullptr && i < a->validation_alias_count; ++i, ++rank) {
        const std::string_view name = a->validation_aliases[i];
        if (!named && !name.starts_with('/')) {
            named = true;
            field.alias = name;
            field.alias_rank = rank;
            continue;
        }
        table.has_paths = table.has_paths || name.starts_with('/');
        table.choices.push_back({name, index, rank});
    }
    if (named) table.inputs.push_back({key_of(field.alias), index});
    if (!named) field.alias = field.name;
    if (config.populate_by_name && (!named || field.alias != field.name)) {
        table.choices.push_back({field.name, index, rank + 1});
    }
}

void add_computed(const Type& type, ModelTable& table) {
    const auto& details = details_of<ModelDetails>(type);
    const auto names = spelled_elements(details.pretty_computed);
    for (std::size_t i = 0; i < details.computed.size(); ++i) {
        Field field;
        field.name = member_name(names.at(i));
        add_aliases(field, details.computed[i].slot.annotations, details.config, table);
        table.computed.push_back({field.name, field.serialization_alias,
                                  key_of(field.serialization_alias), details.computed[i]});
    }
    table.has_more = !table.computed.empty() || table.extras.type != nullptr;
}

void check_extras(const Type& type, const ModelTable& table) {
    const Annotations* a = table.extras.annotations;
    if (a != nullptr && (a->min_length > 0 || a->max_length != Annotations::kUnbounded ||
                         a->check != nullptr || a->before != nullptr || a->wrap != nullptr)) {
        throw std::logic_error(std::string(type.name) + ": extras take no constraints: " +
                               "the bounds of the body are theirs");
    }
    const bool allowed = details_of<ModelDetails>(type).config.extra == Extra::allow;
    if (allowed == (table.extras.type != nullptr)) return;
    throw std::logic_error(std::string(type.name) +
                           (allowed ? ": Extra::allow needs a member to keep what it allows in: "
                                      "Annotated<std::map<std::string, Json>, extras> rest = empty;"
                                    : ": a member that keeps extras needs "
                                      "ModelConfig{.extra = Extra::allow}"));
}

std::unique_ptr<ModelTable> make_table(const Type& type) {
    constexpr unsigned char kPatterns[] = {0xA5, 0x5A};
    const Probe first(type, kPatterns[0]);
    const Probe second(type, kPatterns[1]);
    const auto names = spelled_elements(details_of<ModelDetails>(type).pretty);
    if (names.size() != first.members().size()) {
        throw std::logic_error("the names of the members of " + std::string(type.name) +
                               " can't be found: this compiler spells them another way");
    }
    const ModelConfig& config = details_of<ModelDetails>(type).config;
    auto table = std::make_unique<ModelTable>();
    table->aliases.reserve(names.size() + details_of<ModelDetails>(type).computed.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const RawMember& raw = first.members()[i];
        const Annotations* const a = raw.slot.annotations;
        if (a != nullptr && a->extras) {
            table->extras = raw.slot;
            table->extras_offset = first.offset(i);
            continue;
        }
        Field field;
        field.name = member_name(names[i]);
        add_aliases(field, a, config, *table);
        field.slot = raw.slot;
        field.offset = first.offset(i);
        field.read = a == nullptr || !a->read_only;
        field.written = a == nullptr || !(a->write_only || a->exclude);
        if (a != nullptr && a->pattern != nullptr) a->pattern->compile();
        if (!field.read || raw.slot.type->kind == Kind::optional) {
            field.required = false;
        } else if (first.recorded(i)) {
            field.required = true;
        } else if (raw.scalar_bytes > 0) {
            field.required =
                first.still_filled(i, kPatterns[0]) && second.still_filled(i, kPatterns[1]);
        } else {
            // A plain class member: "" and no default look the same. Said in the docs.
            field.required = !raw.annotated;
        }
        if (field.required) table->required |= std::uint64_t{1} << table->fields.size();
        if (field.read) add_inputs(field, a, config, *table);
        if (field.written) {
            table->outputs.push_back({key_of(field.serialization_alias), table->fields.size()});
        }
        table->fields.push_back(field);
    }
    add_computed(type, *table);
    check_extras(type, *table);
    return table;
}

}  // namespace

bool ModelTable::answers(std::string_view key) const noexcept {
    return std::ranges::any_of(fields,
                               [&](const Field& field) {
                                   return field.alias == key || field.serialization_alias == key;
                               }) ||
           std::ranges::any_of(computed, [&](const Computed& each) { return each.alias == key; });
}

const ModelTable& table_of(const Type& type) {
    const Type& model = type.kind == Kind::partial ? *details_of<PartialDetails>(type).model : type;
    auto& cell = *details_of<ModelDetails>(model).cell;
    if (const ModelTable* table = cell.load(std::memory_order_acquire)) return *table;
    auto made = make_table(model);
    const ModelTable* expected = nullptr;
    // Lives as long as the program. A second maker's is thrown away: the first may be in use.
    if (cell.compare_exchange_strong(expected, made.get(), std::memory_order_acq_rel)) {
        return *made.release();
    }
    return *expected;
}

}  // namespace detail

std::span<const Field> fields_of(const Type& type) {
    if (type.kind != Kind::object && type.kind != Kind::partial) return {};
    return detail::table_of(type).fields;
}

}  // namespace portico::model
