#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string_view>

#include "portico/openapi/document.hpp"
#include "portico/run/run.hpp"

namespace portico {

int print_openapi(app::App& app, int argc, char** argv) {
    std::string_view format = "json";
    std::string_view version = "3.1";
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        const auto equals = argument.find('=');
        const std::string_view name = argument.substr(0, equals);
        std::string_view* const option = name == "--format"    ? &format
                                         : name == "--version" ? &version
                                                               : nullptr;
        if (option == nullptr || (equals == argument.npos && i + 1 == argc)) {
            fmt::print(stderr, "openapi {}: expected --format json|yaml or --version 3.1|3.0\n",
                       argument);
            return 2;
        }
        *option =
            equals == argument.npos ? std::string_view(argv[++i]) : argument.substr(equals + 1);
    }
    if (format != "json" && format != "yaml") {
        fmt::print(stderr, "openapi --format: expected json or yaml, got \"{}\"\n", format);
        return 2;
    }
    if (version != "3.1" && version != "3.0") {
        fmt::print(stderr, "openapi --version: expected 3.1 or 3.0, got \"{}\"\n", version);
        return 2;
    }
    try {
        model::Json document = openapi::document(app);
        if (version == "3.0") document = openapi::as_openapi_3_0(std::move(document));
        std::string text = format == "yaml" ? openapi::to_yaml(document) : document.dump(2) + "\n";
        const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
                             std::fflush(stdout) == 0;
        if (!written) fmt::print(stderr, "openapi: the document could not be written\n");
        return written ? 0 : 1;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}

}  // namespace portico
