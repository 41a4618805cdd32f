#include <algorithm>
#include <utility>

#include "model/reader.hpp"
#include "portico/model/echo.hpp"
#include "portico/model/validation_errors.hpp"

/// Models: their members, what is missing, what is too much, and what they say of themselves.
namespace portico::model {
namespace {

using detail::details_of;

/// A field by its name outside; `expected` is the one that mostly comes after it.
const Field* find_field(const detail::ModelTable& table, std::string_view key,
                        std::size_t& expected) {
    for (std::size_t i = 0; i < table.inputs.size(); ++i) {
        const Field& field = table.fields[table.inputs[i].field];
        if (field.alias == key) {
            expected = i + 1;
            return &field;
        }
    }
    return nullptr;
}

/// A member by another of its names.
const detail::ModelTable::Choice* find_choice(const detail::ModelTable& table,
                                              std::string_view key) {
    const auto found = std::ranges::find(table.choices, key, &detail::ModelTable::Choice::name);
    return found != table.choices.end() ? &*found : nullptr;
}

void renew(const Type& type, void* at) {
    type.destroy(at);
    type.construct(at);
}

}  // namespace

bool Reader::object(Slot slot, void* out, const Location& at, unsigned depth) {
    const Type* model = slot.type;
    if (model->kind == Kind::partial) model = details_of<detail::PartialDetails>(*model).model;
    const Before before = details_of<detail::ModelDetails>(*model).before_validate;
    if (before != nullptr && !std::exchange(prepared_, false)) [[unlikely]]
        return rewritten(slot, out, at, depth, before, true);
    if (in_.peek() != '{') {
        return refuse(slot, at, depth, "model_attributes_type",
                      "Input should be a valid dictionary or object to extract fields from");
    }
    const char* from = in_.at();
    const std::size_t first_fault = faults_->size();
    void* object = out;
    std::uint64_t* sent = nullptr;
    if (slot.type->kind == Kind::partial) {
        const auto& details = details_of<detail::PartialDetails>(*slot.type);
        sent = static_cast<std::uint64_t*>(details.sent(out));
        object = details.value(out);
    }
    std::uint64_t seen = 0;
    std::vector<Segment> segments;
    Reading reading{*model, detail::table_of(*model), object, at, depth, from, seen, segments};
    if (!members(reading)) return false;
    if (sent != nullptr) *sent = seen;
    finish_object(slot, *model, object, at, in_.since(from), seen, segments, first_fault);
    return true;
}

bool Reader::members(Reading& reading) {
    const detail::ModelTable& table = reading.table;
    if (!in_.open(reading.depth)) return false;
    std::size_t expected = 0;
    for (bool first = true, done = false;; first = false) {
        Scanner::String key;
        const Field* field = nullptr;
        unsigned rank = 0;
        std::string_view name;
        in_.skip_space();
        if (expected < table.inputs.size() && in_.take(table.inputs[expected].key)) [[likely]] {
            field = &table.fields[table.inputs[expected++].field];
            in_.skip_space();
        } else {
            if (!in_.next_key(first, done, key)) return false;
            if (done) break;
            field = find_field(table, key.text, expected);
        }
        if (field != nullptr) [[likely]] {
            rank = field->alias_rank;
            name = field->alias;
        } else if (const auto* choice = find_choice(table, key.text)) {
            field = &table.fields[choice->field];
            rank = choice->rank;
            name = choice->name;
        }
        const bool read = field != nullptr
                              ? member_value(reading, *field, rank, name,
                                             Location(name, &reading.at), reading.depth + 1)
                              : unknown_member(reading, key);
        if (!read) return false;
        in_.skip_space();
        if (in_.take('}')) break;
        if (!in_.take(',')) return in_.fail("Expecting ',' delimiter");
    }
    return !table.has_paths || paths(reading);
}

/// The value at the cursor, unless the member was sent under a better name.
bool Reader::member_value(Reading& reading, const Field& field, unsigned rank,
                          std::string_view name, const Location& here, unsigned depth) {
    const auto index = static_cast<std::size_t>(&field - reading.table.fields.data());
    const std::uint64_t bit = std::uint64_t{1} << index;
    void* to = member(reading.out, field);
    if ((reading.seen & bit) != 0) [[unlikely]] {
        const auto sent = std::ranges::find(reading.sent, index, &Reading::Sent::field);
        if (sent != reading.sent.end() && sent->rank < rank) {
            return unknown_member(reading, {.text = name});
        }
        if (sent != reading.sent.end() && sent->rank > rank && !pass_over(reading, index)) {
            return false;
        }
        // Of members of one name the last counts: nothing of the earlier ones stays.
        std::erase_if(reading.segments, [&](const Segment& each) { return each.field == index; });
        std::erase_if(reading.sent, [&](const auto& each) { return each.field == index; });
        renew(*field.slot.type, to);
    } else if (!field.required && field.slot.type->kind >= Kind::object) {
        // A default of the member gives way entirely: absent members have their own.
        renew(*field.slot.type, to);
    }
    reading.seen |= bit;
    if (!reading.table.choices.empty()) reading.sent.push_back({index, rank, name, in_.at()});
    ++members_read_;
    const std::size_t before = faults_->size();
    if (!value(field.slot, to, here, depth)) return false;
    if (faults_->size() != before) reading.segments.push_back({index, before, faults_->size()});
    return true;
}

/// Its faults come after those of the members, in the order in which unknown members were sent.
bool Reader::unknown_member(Reading& reading, const Scanner::String& key) {
    const std::size_t before = faults_->size();
    const auto place = static_cast<std::size_t>(in_.at() - reading.opening);
    if (!unknown(reading.model, reading.out, key, reading.at, reading.depth)) return false;
    if (faults_->size() != before) {
        reading.segments.push_back({reading.table.fields.size() + place, before, faults_->size()});
    }
    return true;
}

/// A member that the model does not know, or that is read-only.
bool Reader::unknown(const Type& model, void* out, const Scanner::String& key, const Location& at,
                     unsigned depth) {
    const detail::ModelTable& table = detail::table_of(model);
    const bool forbids = details_of<detail::ModelDetails>(model).config.extra == Extra::forbid;
    if (table.extras.type != nullptr && !begins_path(table, key.text) && !table.answers(key.text)) {
        return entry(details_of<detail::MapDetails>(*table.extras.type),
                     static_cast<std::byte*>(out) + table.extras_offset, key, at, depth);
    }
    if (!forbids || enough() || begins_path(table, key.text)) return in_.skip_value(depth + 1);
    const std::string name(key.text);
    const Location here(name, &at);
    const char* from = in_.at();
    if (!in_.skip_value(depth + 1)) return false;
    // As a member of this model: beside a secret it is not shown.
    fault({&model, nullptr}, here, {"extra_forbidden", "Extra inputs are not permitted"}, from);
    return true;
}

/// What the model says of its members together.
void Reader::check_object(Slot slot, const Type& model, void* out, const Location& at,
                          std::string_view json) {
    const auto& details = details_of<detail::ModelDetails>(model);
    const std::size_t before = faults_->size();
    if (details.validate != nullptr && !enough()) {
        ValidationErrors errors(model, out);
        details.validate(out, errors);
        if (!errors.empty() && probing_) {
            fault(slot, at, value_error({}), json.data());
        } else if (!errors.empty()) {
            add_errors(errors, at, echo(slot, json), *faults_);
        }
    }
    const auto* limits = slot.annotations;
    if (limits != nullptr && limits->check != nullptr && faults_->size() == before &&
        !run_check(slot, out, problem_)) {
        fault(slot, at, problem_, json.data());
    }
}

/// Puts the faults in the order of the fields, with those of absent fields, as Pydantic does.
void Reader::finish_object(Slot slot, const Type& model, void* out, const Location& at,
                           std::string_view json, std::uint64_t seen,
                           std::vector<Segment>& segments, std::size_t first_fault) {
    const bool partial = slot.type->kind == Kind::partial;
    const detail::ModelTable& table = detail::table_of(model);
    const std::span<const Field> fields = table.fields;
    const std::uint64_t missing = partial ? 0 : table.required & ~seen;
    if (missing == 0 && faults_->size() == first_fault) [[likely]] {
        if (!partial) check_object(slot, model, out, at, json);
        return;
    }
    if (probing_) {
        if (faults_->size() == first_fault) fault(slot, at, {"missing", {}}, json.data());
        return;
    }
    std::vector<Fault> found = faults_->take_from(first_fault);
    std::ranges::sort(segments, {}, &Segment::field);
    auto next = segments.begin();
    const auto add_found = [&](std::size_t field) {
        for (; next != segments.end() && next->field == field; ++next) {
            for (std::size_t i = next->first; i < next->last; ++i) {
                faults_->add(std::move(found[i - first_fault]));
            }
        }
    };
    std::string whole;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        add_found(i);
        if (((missing >> i) & 1) == 0 || faults_->full()) continue;
        if (whole.empty()) whole = echo(slot, json);
        const Location here(fields[i].alias, &at);
        faults_->add(here, "missing", "Field required", whole);
    }
    while (next != segments.end()) add_found(next->field);
}

}  // namespace portico::model
