#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "portico/settings/settings.hpp"
#include "settings/leaf.hpp"

namespace portico::settings::detail {

/// The text of a value and where it stands.
struct Found {
    std::string text;
    std::string source;  ///< "environment variable PORT", ".env line 3"
};

/// One source: values by variable in lower case, or by field for the command line.
using Layer = std::map<std::string, Found, std::less<>>;

/// A secret is a line or a key, not a file system.
inline constexpr std::size_t kMostSecretBytes = std::size_t{64} << 10;

/// The environment, the `.env` files and the secrets directory, in order of precedence. What can't
/// be read is a problem.
[[nodiscard]] std::vector<Layer> read_layers(const Layout& layout, const Options& options,
                                             Problems& problems);

}  // namespace portico::settings::detail
