#pragma once

#include <string>

#include "settings/layers.hpp"

namespace portico::settings::detail {

/// What the command line asks for.
struct Arguments {
    Layer values;  ///< By field.
    bool help = false;
    bool version = false;
};

/// `--name value`, `--name=value`, `--name` and `--no-name` for a switch, `-h`. Names take `_` for
/// `-` and any case; of an option given twice the last counts. Whatever else is a problem.
[[nodiscard]] Arguments read_arguments(int argc, const char* const* argv, const Layout& layout,
                                       const Options& options, Problems& problems);

}  // namespace portico::settings::detail
