#include "app/body.hpp"

#include <algorithm>
#include <vector>

#include "app/text_fields.hpp"
#include "portico/http/headers.hpp"
#include "portico/http/media_type.hpp"
#include "portico/model/echo.hpp"
#include "portico/model/read.hpp"
#include "portico/model/write.hpp"

namespace portico::app {
namespace {

void bind_files(const BodyTarget& target, const FormData& form, model::Faults& faults) {
    const ParameterTable& table = *target.binding->table;
    const model::Location root("body");
    const model::Location at(table.name, &root);
    std::vector<UploadFile> files;
    for (const FormData::File& sent : form.files) {
        if (sent.name == table.name) files.push_back(sent.file);
    }
    if (!files.empty()) {
        table.set_files(target.at, files);
        return;
    }
    const auto text = std::ranges::find(form.fields, table.name, &http::NameValue::name);
    if (text != form.fields.end() && !text->value.empty()) {
        faults.add(at, "value_error", "Value error, Expected UploadFile, received: <class 'str'>",
                   model::echo_text({}, text->value), R"({"error":{}})");
    } else if (target.binding->required) {
        faults.add(at, "missing", "Field required", "null");
    }
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
