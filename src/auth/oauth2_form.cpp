#include "portico/auth/oauth2_form.hpp"

#include <algorithm>
#include <string_view>

namespace portico::auth {

std::vector<std::string> OAuth2PasswordRequestForm::scopes() const {
    // More names than any program has: what is beyond is not granted anyway.
    constexpr std::size_t kMost = 256;
    std::vector<std::string> names;
    std::string_view rest = scope;
    while (!rest.empty() && names.size() < kMost) {
        const auto space = std::min(rest.find(' '), rest.size());
        const std::string_view name = rest.substr(0, space);
        if (!name.empty() && std::ranges::find(names, name) == names.end()) {
            names.emplace_back(name);
        }
        rest.remove_prefix(std::min(space + 1, rest.size()));
    }
    return names;
}

}  // namespace portico::auth
