#include "http/content_disposition.hpp"

#include "http/bytes.hpp"
#include "http/parameters.hpp"
#include "portico/http/headers.hpp"
#include "portico/http/url.hpp"

namespace portico::http {

namespace {

/// Browsers write a quote as "%22", others as `\"`; a backslash before anything else is one of the
/// name, as in a Windows path.
std::string unquote(const Parameter& parameter) {
    if (!parameter.quoted) return std::string(parameter.value);
    std::string text;
    text.reserve(parameter.value.size());
    for (std::size_t at = 0; at < parameter.value.size(); ++at) {
        const std::string_view rest = parameter.value.substr(at);
        if (rest.starts_with("\\\"") || rest.starts_with("\\\\")) ++at;
        text += parameter.value[at];
    }
    return text;
}

/// RFC 7578 §4.2: "do not use the file name blindly": no directories, nothing that leads out.
std::string last_component(std::string_view path) {
    path.remove_prefix(path.find_last_of("/\\") + 1);
    if (path == "." || path == "..") return {};
    for (const char c : path) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return {};
    }
    return std::string(path);
}

/// RFC 8187 §3.2: charset "'" [ language ] "'" percent-encoded. UTF-8 is the only one in use.
std::optional<std::string> decode_extended(std::string_view value) {
    const std::size_t first = value.find('\'');
    if (first == std::string_view::npos || !equal_names(value.substr(0, first), "utf-8")) return {};
    const std::size_t second = value.find('\'', first + 1);
    if (second == std::string_view::npos) return {};
    return percent_decode(value.substr(second + 1));
}

}  // namespace

std::expected<Disposition, FormError> parse_form_disposition(std::string_view field) {
    const auto fail = [](std::string_view detail) {
        return std::unexpected(FormError{std::string(detail)});
    };
    constexpr std::string_view kNoName =
        "The Content-Disposition header field \"name\" must be provided.";
    field = trim(field);
    const std::size_t type = token_length(field);
    if (type == 0) return fail(kNoName);
    if (!equal_names(field.substr(0, type), "form-data")) {
        return fail("The Content-Disposition header of a part must be form-data.");
    }
    std::optional<std::string> name;
    std::optional<std::string> filename;
    std::optional<std::string> extended;
    ParameterReader parameters(field.substr(type));
    while (const auto parameter = parameters.next()) {
        std::optional<std::string>* into = nullptr;
        if (equal_names(parameter->name, "name")) into = &name;
        if (equal_names(parameter->name, "filename")) into = &filename;
        if (equal_names(parameter->name, "filename*")) into = &extended;
        if (!into) continue;
        if (*into) return fail("A parameter of a Content-Disposition header is repeated.");
        if (into == &extended) {
            extended = decode_extended(parameter->value);
            if (!extended)
                return fail("The filename* of a Content-Disposition header is malformed.");
        } else {
            *into = unquote(*parameter);
        }
    }
    if (parameters.malformed()) return fail("A Content-Disposition header is malformed.");
    if (!name) return fail(kNoName);
    Disposition disposition{.name = *std::move(name), .filename = {}};
    // RFC 7578 §4.2 forbids filename*; it counts for clients that send nothing else.
    if (!filename) filename = std::move(extended);
    if (filename) disposition.filename = last_component(*filename);
    return disposition;
}

}  // namespace portico::http
