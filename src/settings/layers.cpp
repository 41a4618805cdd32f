#include "settings/layers.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "portico/settings/dotenv.hpp"

namespace portico::settings::detail {
namespace {

namespace fs = std::filesystem;

// Of names that differ in case alone the first counts, but one in capitals before it.
void put(Layer& layer, std::string_view name, Found found) {
    const auto [at, fresh] = layer.try_emplace(to_lower(name), found);
    if (!fresh && name == to_upper(name)) at->second = std::move(found);
}

Layer environment_layer(const Options& options) {
    Layer layer;
    const auto put_variable = [&](std::string_view name, std::string_view value) {
        put(layer, name, {std::string(value), fmt::format("environment variable {}", name)});
    };
    if (options.environment) {
        for (const auto& [name, value] : *options.environment) put_variable(name, value);
        return layer;
    }
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals == std::string_view::npos) continue;
        put_variable(text.substr(0, equals), text.substr(equals + 1));
    }
    return layer;
}

// At most one byte more than `most`, so that too much can be told. Nothing: errno says why.
std::optional<std::string> read_file(const fs::path& path, std::size_t most) {
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    if (!in) return {};
    std::string text(most + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || (in.gcount() == 0 && !in.eof())) return {};
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

Layer dotenv_layer(const std::string& name, const Options& options, Problems& problems) {
    Layer layer;
    const fs::path path = fs::path(options.directory) / name;
    std::error_code missing;
    if (!fs::exists(path, missing)) return layer;
    if (!fs::is_regular_file(path, missing)) {
        problems.add({name, "expected a file with lines NAME=value, but it is none", ""});
        return layer;
    }
    const auto text = read_file(path, kMostDotenvBytes);
    if (!text) {
        problems.add({name, fmt::format("can't be read: {}", std::strerror(errno)), ""});
        return layer;
    }
    Dotenv read = parse_dotenv(*text);
    for (DotenvError& error : read.errors) {
        problems.add({fmt::format("{} line {}", name, error.line), std::move(error.message), ""});
    }
    for (DotenvEntry& entry : read.entries) {
        auto source = fmt::format("{} line {}", name, entry.line);
        layer.insert_or_assign(to_lower(entry.name),
                               Found{std::move(entry.value), std::move(source)});
    }
    return layer;
}

std::string secrets_directory(const std::vector<Layer>& layers, const Options& options) {
    if (!options.secrets_dir.empty()) return options.secrets_dir;
    for (const Layer& layer : layers) {
        const auto found = layer.find(to_lower(options.env_prefix + "SECRETS_DIR"));
        if (found != layer.end()) return found->second.text;
    }
    return {};
}

void read_secret(const Leaf& leaf, const fs::path& path, Layer& layer, Problems& problems) {
    const auto source = fmt::format("secrets file {}", path.string());
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return;
    auto text = read_file(path, kMostSecretBytes);
    if (!text) {
        problems.add({leaf.field, fmt::format("can't be read: {}", std::strerror(errno)), source});
        return;
    }
    if (text->size() > kMostSecretBytes) {
        problems.add({leaf.field, "expected a file of at most 64 KiB", source});
        return;
    }
    // What an editor or `echo` adds is no part of the secret.
    if (text->ends_with('\n')) text->pop_back();
    if (text->ends_with('\r')) text->pop_back();
    layer.insert_or_assign(to_lower(leaf.variable), Found{*std::move(text), source});
}

Layer secrets_layer(const std::string& directory, const Layout& layout, Problems& problems) {
    Layer layer;
    if (directory.empty()) return layer;
    std::error_code error;
    fs::directory_iterator files(directory, error);
    if (error) {
        problems.add(
            {"secrets_dir",
             fmt::format("can't read the directory \"{}\": {}", directory, error.message()), ""});
        return layer;
    }
    for (const auto& file : files) {
        const auto name = to_upper(file.path().filename().string());
        const auto leaf = std::ranges::find(layout.leaves, name, &Leaf::variable);
        if (leaf != layout.leaves.end()) read_secret(*leaf, file.path(), layer, problems);
    }
    return layer;
}

}  // namespace

std::vector<Layer> read_layers(const Layout& layout, const Options& options, Problems& problems) {
    std::vector<Layer> layers{environment_layer(options)};
    for (const auto& name : options.env_files) {
        layers.push_back(dotenv_layer(name, options, problems));
    }
    layers.push_back(secrets_layer(secrets_directory(layers, options), layout, problems));
    return layers;
}

}  // namespace portico::settings::detail
