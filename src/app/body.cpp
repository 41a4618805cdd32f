#include "app/body.hpp"

#include <algorithm>
#include <vector>

#include "app/text_fields.hpp"
#include "portico/app/exceptions.hpp"
#include "portico/app/upload_file.hpp"
#include "portico/http/headers.hpp"
#include "portico/http/media_type.hpp"
#include "portico/http/multipart.hpp"
#include "portico/model/echo.hpp"
#include "portico/model/read.hpp"
#include "portico/model/write.hpp"

namespace portico::app {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool sent_as_json(const http::Request& request) {
    const auto type = http::MediaType::parse(request.header("Content-Type"));
    return type && type->is_json();
}

struct FormData {
    std::vector<http::NameValue> fields;
    std::vector<http::NameValue> file_names;  // whose value is unused
    std::vector<UploadFile> files;            // of `file_names`
};

/// A body that is no form has no fields, as in FastAPI.
FormData read_form(const http::Request& request, std::string_view body) {
    FormData form;
    const auto field = request.header("Content-Type");
    const auto type = http::MediaType::parse(field);
    if (!type) return form;
    if (type->matches("application/x-www-form-urlencoded")) {
        auto pairs = http::parse_form(body, request.arena());
        if (!pairs) throw HTTPException(400, pairs.error().detail);
        form.fields = *std::move(pairs);
    } else if (type->matches("multipart/form-data")) {
        const auto parts = http::parse_multipart(body, field, request.arena());
        if (!parts) throw HTTPException(400, parts.error().detail);
        for (const auto& part : *parts) {
            if (!part.filename) {
                form.fields.push_back({part.name, part.data});
            } else if (!part.filename->empty() || !part.data.empty()) {
                form.file_names.push_back({part.name, {}});
                form.files.push_back({*part.filename, part.content_type, part.data});
            }
        }
    }
    return form;
}

void bind_files(const BodyTarget& target, const FormData& form, model::Faults& faults) {
    const ParameterTable& table = *target.binding->table;
    const model::Location root("body");
    const model::Location at(table.name, &root);
    std::vector<UploadFile> files;
    for (std::size_t i = 0; i < form.files.size(); ++i) {
        if (form.file_names[i].name == table.name) files.push_back(form.files[i]);
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
    const bool absent = json.empty() || (trimmed(json) == "null" && target.binding->required);
    if (!absent) {
        (void)model::read_json(json, target.binding->slot, target.at, root, faults);
    } else if (target.binding->required) {
        faults.add(root, "missing", "Field required", "null");
    } else {
        set_default(target);
    }
}

}  // namespace

void bind_json(std::span<const BodyTarget> targets, bool keyed, const http::Request& request,
               std::string_view body, model::Faults& faults) {
    const model::Location root("body");
    std::string quoted;
    if (!body.empty() && !sent_as_json(request)) {
        // FastAPI: a body that is not sent as JSON is validated as the text that it is.
        model::write_json_string(body, quoted);
        body = quoted;
    }
    if (!keyed) {
        for (const BodyTarget& target : targets) bind_whole(target, body, root, faults);
        return;
    }
    bind_keyed(targets, body, root, faults);
}

void bind_form(std::span<const BodyTarget> targets, const http::Request& request,
               std::string_view body, model::Faults& faults) {
    const FormData form = read_form(request, body);
    const TextSource source{.word = "body", .pairs = form.fields, .empty_is_missing = true};
    for (const BodyTarget& target : targets) {
        if (target.binding->table->source == Source::file) {
            bind_files(target, form, faults);
        } else {
            bind_fields(*target.binding, source, request.arena(), target.at, faults);
        }
    }
}

}  // namespace portico::app
