#pragma once

#include <string>
#include <string_view>

#include "portico/settings/settings.hpp"
#include "settings/leaf.hpp"

namespace portico::settings::detail {

/// The text of `--help`: every option with what it expects, its default and its variable.
/// `defaults` is an object of the settings that nothing was read into.
[[nodiscard]] std::string help_text(std::string_view program, const Layout& layout,
                                    const void* defaults, const Options& options);

}  // namespace portico::settings::detail
