#include "settings/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

namespace portico::settings::detail {
namespace {

constexpr std::string_view kSource = "command line";
constexpr std::size_t kMostShown = 60;

// Levenshtein's distance, over names of a few bytes.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, replaced});
        }
    }
    return row.back();
}

bool is_switch(const Leaf& leaf) noexcept {
    return without_optional(leaf.slot).type->kind == model::Kind::boolean;
}

class Reader {
public:
    Reader(const Layout& layout, const Options& options, Problems& problems)
        : layout_(layout), options_(options), problems_(problems) {}

    Arguments run(int argc, const char* const* argv) {
        for (int i = 1; i < argc && argv[i] != nullptr; ++i) {
            const std::string_view argument(argv[i]);
            const bool has_next = i + 1 < argc && argv[i + 1] != nullptr;
            if (read(argument,
                     has_next ? std::optional<std::string_view>(argv[i + 1]) : std::nullopt)) {
                ++i;
            }
        }
        return std::move(arguments_);
    }

private:
    // True when `next` was the value.
    bool read(std::string_view argument, std::optional<std::string_view> next) {
        if (argument == "-h" || argument == "--help") {
            arguments_.help = true;
            return false;
        }
        if (argument == "--version" && !options_.version.empty()) {
            arguments_.version = true;
            return false;
        }
        if (!argument.starts_with("--") || argument.size() == 2) {
            refuse(argument, "expected an option, which begins with --");
            return false;
        }
        const auto equals = argument.find('=');
        const auto shown = argument.substr(0, equals);
        std::string name = to_lower(shown.substr(2));
        std::ranges::replace(name, '_', '-');
        const Leaf* leaf = find(name);
        const bool negated = leaf == nullptr && name.starts_with("no-") && find_switch(name);
        if (negated) leaf = find(name.substr(3));
        if (leaf == nullptr) {
            refuse(shown, "unknown option" + suggestion(name));
            // What follows it is its value more likely than an option of its own.
            return equals == std::string_view::npos && next && !next->starts_with('-');
        }
        if (equals != std::string_view::npos && !negated) {
            take(*leaf, argument.substr(equals + 1));
            return false;
        }
        if (is_switch(*leaf)) {
            if (negated && equals != std::string_view::npos) {
                refuse(shown, "takes no value");
            } else {
                take(*leaf, negated ? "false" : "true");
            }
            return false;
        }
        if (!next) {
            refuse(shown, "expected a value after it");
            return false;
        }
        take(*leaf, *next);
        return true;
    }

    void take(const Leaf& leaf, std::string_view value) {
        if (leaf.secret) {
            problems_.add({leaf.field,
                           fmt::format("a secret is not accepted on the command line, which every "
                                       "user of the machine can read; set {}",
                                       leaf.variable),
                           std::string(kSource)});
            return;
        }
        arguments_.values.insert_or_assign(
            leaf.field, Found{std::string(value), fmt::format("option --{}", leaf.option)});
    }

    void refuse(std::string_view argument, std::string message) {
        problems_.add({std::string(argument.substr(0, kMostShown)), std::move(message),
                       std::string(kSource)});
    }

    const Leaf* find(std::string_view option) const {
        const auto found = std::ranges::find(layout_.leaves, option, &Leaf::option);
        return found != layout_.leaves.end() ? &*found : nullptr;
    }
    bool find_switch(std::string_view negation) const {
        const Leaf* leaf = find(negation.substr(3));
        return leaf != nullptr && is_switch(*leaf);
    }

    std::string suggestion(std::string_view name) const {
        const Leaf* nearest = nullptr;
        std::size_t least = 3;
        if (name.size() > kMostShown) return {};
        for (const Leaf& leaf : layout_.leaves) {
            const std::size_t apart = leaf.secret ? least : distance(name, leaf.option);
            if (apart < least) {
                nearest = &leaf;
                least = apart;
            }
        }
        return nearest != nullptr ? fmt::format("; did you mean --{}?", nearest->option) : "";
    }

    const Layout& layout_;
    const Options& options_;
    Problems& problems_;
    Arguments arguments_;
};

}  // namespace

Arguments read_arguments(int argc, const char* const* argv, const Layout& layout,
                         const Options& options, Problems& problems) {
    return Reader(layout, options, problems).run(argc, argv);
}

}  // namespace portico::settings::detail
