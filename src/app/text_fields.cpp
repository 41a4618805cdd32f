#include "app/text_fields.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "app/styled_field.hpp"
#include "portico/model/details.hpp"
#include "portico/model/echo.hpp"
#include "portico/model/read.hpp"
#include "portico/model/write.hpp"

namespace portico::app {
namespace {

/// The texts that were sent under one name, mostly one.
class Texts {
public:
    Texts(const TextSource& source, std::string_view name, core::Arena& arena) : arena_(arena) {
        add_all(source, name);
    }
    Texts(const TextSource& source, const TextField& field, core::Arena& arena)
        : Texts(source, field.name, arena) {
        for (const auto& name : field.other_names) {
            if (count_ == 0) add_all(source, name);
        }
    }

    [[nodiscard]] std::span<const std::string_view> all() const { return {data_, count_}; }

private:
    void add_all(const TextSource& source, std::string_view name) {
        if (source.headers != nullptr) {
            for (const auto field : *source.headers) {
                if (http::equal_names(field.name, name)) add(field.value);
            }
            return;
        }
        for (const auto& pair : source.pairs) {
            if (pair.name == name && !(source.empty_is_missing && pair.value.empty())) {
                add(pair.value);
            }
        }
    }

    void add(std::string_view text) {
        if (count_ == capacity_) grow();
        data_[count_++] = text;
    }

    void grow() {
        auto* more = static_cast<std::string_view*>(
            arena_.allocate(2 * capacity_ * sizeof(std::string_view), alignof(std::string_view)));
        std::copy_n(data_, count_, more);
        data_ = more;
        capacity_ *= 2;
    }

    core::Arena& arena_;
    std::array<std::string_view, 4> few_{};
    std::string_view* data_ = few_.data();
    std::size_t count_ = 0;
    std::size_t capacity_ = few_.size();
};

/// What was sent for a whole model, as the JSON object that FastAPI shows as its input; cut, and
/// without its secrets.
std::string sent_object(const Binding& binding, const TextSource& source, core::Arena& arena) {
    std::string object = "{";
    for (const TextField& field : binding.fields) {
        const Texts texts(source, field, arena);
        if (texts.all().empty()) continue;
        if (object.size() > 1) object += ',';
        model::write_json_string(field.name, object);
        object += ':';
        object += model::echo_text({}, texts.all().back());
    }
    return model::echo_json(binding.slot, object + '}');
}

bool takes_several(const model::Slot& slot) {
    const model::Type* type = slot.type;
    while (type->kind == model::Kind::optional) {
        type = model::detail::details_of<model::detail::OptionalDetails>(*type).item.type;
    }
    return type->kind == model::Kind::array;
}

/// One text as it is, several as a list.
std::string echo_extra(const model::Slot& slot, std::span<const std::string_view> texts) {
    if (texts.size() == 1 || model::has_secret(*slot.type)) {
        return model::echo_text(slot, texts.front());
    }
    std::string list = "[";
    for (const std::string_view text : texts) {
        if (list.size() > 2 * model::Faults::kInputBytes) break;
        if (list.size() > 1) list += ',';
        list += model::echo_text({}, text);
    }
    return model::echo_json({}, list + ']');
}

/// Whether a field is read from what was sent under this name. Of several names the first counts
/// that was sent; what came under the others is as unknown as in JSON.
bool is_of(const TextField& field, const TextSource& source, std::string_view name,
           core::Arena& arena) {
    const auto same = [&](std::string_view its) {
        return source.headers != nullptr ? http::equal_names(its, name) : its == name;
    };
    if (same(field.name)) return true;
    if (field.style == TextField::Style::nested && is_below(name, field.name)) return true;
    if (field.other_names.empty() || !Texts(source, field.name, arena).all().empty()) return false;
    for (const auto& other : field.other_names) {
        if (same(other)) return true;
        if (!Texts(source, other, arena).all().empty()) return false;
    }
    return false;
}

/// Calls `visit` with each name, once, that no member of the model is read from. Headers too, as
/// FastAPI does, although every client sends fields of its own; with their names in lower case.
void each_extra(const Binding& binding, const TextSource& source, core::Arena& arena, auto visit) {
    TextSource all = source;
    all.empty_is_missing = false;
    std::set<std::string, std::less<>> told;
    const auto one = [&](std::string_view name) {
        if (told.contains(name) || std::ranges::any_of(binding.fields, [&](const auto& field) {
                return is_of(field, source, name, arena);
            })) {
            return;
        }
        visit(*told.emplace(name).first, Texts(all, name, arena).all());
    };
    if (source.headers == nullptr) {
        for (const auto& pair : source.pairs) one(pair.name);
        return;
    }
    for (const auto header : *source.headers) {
        std::string name(header.name);
        std::ranges::transform(name, name.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
        one(name);
    }
}

void refuse_extra(const Binding& binding, const TextSource& source, core::Arena& arena,
                  const model::Location& root, model::Faults& faults) {
    each_extra(binding, source, arena, [&](const std::string& name, auto texts) {
        if (faults.full()) return;
        const bool is_secret =
            source.headers != nullptr &&
            (name == "authorization" || name == "cookie" || name == "proxy-authorization");
        // As a part of the model: beside a secret it is not shown, it may be a misspelt one.
        faults.add(model::Location(name, &root), "extra_forbidden",
                   "Extra inputs are not permitted",
                   is_secret ? R"("**********")" : echo_extra(binding.slot, texts));
    });
}

void keep_extra(const Binding& binding, const TextSource& source, core::Arena& arena, void* at,
                const model::Location& root, model::Faults& faults) {
    const auto& table = model::detail::table_of(*binding.slot.type);
    each_extra(binding, source, arena, [&](const std::string& name, auto texts) {
        if (table.answers(name)) return;
        (void)model::read_extra(name, texts, *binding.slot.type, at, model::Location(name, &root),
                                faults);
    });
}

/// What was sent beside the members, and what a model says of them together.
void check_model(const Binding& binding, const TextSource& source, core::Arena& arena, void* at,
                 const model::Location& root, std::size_t faults_before, model::Faults& faults) {
    if (binding.slot.type->kind != model::Kind::object) return;
    const auto& details =
        model::detail::details_of<model::detail::ModelDetails>(*binding.slot.type);
    if (details.config.extra == model::Extra::forbid) {
        refuse_extra(binding, source, arena, root, faults);
    } else if (details.config.extra == model::Extra::allow) {
        keep_extra(binding, source, arena, at, root, faults);
    }
    if (details.validate == nullptr || faults.size() != faults_before) return;
    model::ValidationErrors errors(*binding.slot.type, at);
    details.validate(at, errors);
    if (!errors.empty()) {
        model::add_errors(errors, root, sent_object(binding, source, arena), faults);
    }
}

}  // namespace

void bind_fields(const Binding& binding, const TextSource& source, core::Arena& arena, void* at,
                 model::Faults& faults) {
    const ParameterTable& table = *binding.table;
    const model::Location root(source.word);
    const auto before = faults.size();
    for (const TextField& field : binding.fields) {
        void* const to = static_cast<std::byte*>(at) + field.offset;
        const model::Location location(field.name, &root);
        if (field.style != TextField::Style::plain &&
            bind_styled(field, source, arena, to, location, faults)) {
            continue;
        }
        const Texts texts(source, field, arena);
        if (!texts.all().empty()) {
            // FastAPI: of a header that comes twice the first counts, of all else the last.
            const bool first = source.headers != nullptr && !takes_several(field.slot);
            (void)model::read_text(first ? texts.all().first(1) : texts.all(), field.slot, to,
                                   location, faults);
        } else if (field.required) {
            faults.add(location, "missing", "Field required",
                       table.whole ? sent_object(binding, source, arena) : "null");
        } else if (table.set_default != nullptr) {
            table.set_default(at);
        }
    }
    if (table.whole) check_model(binding, source, arena, at, root, before, faults);
}

}  // namespace portico::app
