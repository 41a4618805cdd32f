#include "app/body.hpp"

#include <vector>

#include "app/text_fields.hpp"
#include "portico/http/headers.hpp"
#include "portico/http/media_type.hpp"
#include "portico/model/details.hpp"
#include "portico/model/echo.hpp"
#include "portico/model/read.hpp"
#include "portico/model/write.hpp"

namespace portico::app {
namespace {

bool takes_several(const model::Slot& slot) {
    const model::Type* type = slot.type;
    while (type->kind == model::Kind::optional) {
        type = model::detail::details_of<model::detail::OptionalDetails>(*type).item.type;
    }
    return type->kind == model::Kind::array;
}

/// What was sent under one name, in the order of the body: a file, or a text where one is wanted.
struct SentFile {
    const UploadFile* file;
    std::string_view text;
};

std::vector<SentFile> sent_files(const FormData& form, std::string_view name) {
    std::vector<SentFile> sent;
    std::size_t next = 0;
    const auto add_texts = [&](std::size_t end) {
        for (; next < end; ++next) {
            if (form.fields[next].name == name) sent.push_back({nullptr, form.fields[next].value});
        }
    };
    for (const FormData::File& each : form.files) {
        add_texts(each.fields_before);
        if (each.name == name) sent.push_back({&each.file, {}});
    }
    add_texts(form.fields.size());
    return sent;
}

void refuse_text(const model::Location& at, std::string_view text, model::Faults& faults) {
    faults.add(at, "value_error", "Value error, Expected UploadFile, received: <class 'str'>",
               model::echo_text({}, text), R"({"error":{}})");
}

void bind_files(const BodyTarget& target, const FormData& form, model::Faults& faults) {
    const ParameterTable& table = *target.binding->table;
    const model::Location root("body");
    const model::Location at(table.name, &root);
    std::vector<SentFile> sent = sent_files(form, table.name);
    const bool several = takes_several(target.binding->slot);
    if (!several && !sent.empty()) {
        sent.erase(sent.begin(), sent.end() - 1);  // the last counts
        if (sent.front().file == nullptr && sent.front().text.empty()) sent.clear();
    }
    if (sent.empty()) {
        if (target.binding->required) faults.add(at, "missing", "Field required", "null");
        return;
    }
    std::vector<UploadFile> files;
    for (std::size_t i = 0; i < sent.size() && !faults.full(); ++i) {
        if (sent[i].file != nullptr) {
            files.push_back(*sent[i].file);
        } else if (several) {
            refuse_text(model::Location(i, &at), sent[i].text, faults);
        } else {
            refuse_text(at, sent[i].text, faults);
        }
    }
    if (files.size() == sent.size()) table.set_files(target.at, files);
}

void set_default(const BodyTarget& target) {
    if (target.binding->table->set_default != nullptr) {
        target.binding->table->set_default(target.at);
    }
}

void bind_whole(const BodyTarget& target, std::string_view json, const model::Location& root,
                model::Faults& faults) {
    if (!json.empty()) {
        (void)model::read_json(json, target.binding->slot, target.at, root, faults);
    } else if (target.binding->required) {
        faults.add(root, "missing", "Field required", "null");
    } else {
        set_default(target);
    }
}

}  // namespace

bool sent_as_json(const http::Request& request, bool strict) {
    const auto field = request.header("Content-Type");
    if (field.empty()) return !strict;
    const auto type = http::MediaType::parse(field);
    if (!type || !type->is_json()) return false;
    check_charset(*type);
    return true;
}

void bind_json(std::span<const BodyTarget> targets, bool keyed, bool is_json, std::string_view body,
               model::Faults& faults) {
    const model::Location root("body");
    std::string quoted;
    if (!body.empty() && !is_json) {
        model::write_json_string(body, quoted);
        body = quoted;
    }
    if (!keyed) {
        for (const BodyTarget& target : targets) bind_whole(target, body, root, faults);
        return;
    }
    bind_keyed(targets, body, root, faults);
}

void bind_form(std::span<const BodyTarget> targets, const FormData& form, core::Arena& arena,
               model::Faults& faults) {
    const TextSource source{.word = "body", .pairs = form.fields, .empty_is_missing = true};
    for (const BodyTarget& target : targets) {
        if (target.binding->table->source == Source::file) {
            bind_files(target, form, faults);
        } else {
            bind_fields(*target.binding, source, arena, target.at, faults);
        }
    }
}

}  // namespace portico::app
