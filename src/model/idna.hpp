#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace portico::model {

/// An internationalised host name as the ASCII that DNS knows: "münchen.de" is
/// "xn--mnchen-3ya.de". UTS #46, non-transitional, then IDNA2008 (RFC 5891), whose bounds of labels
/// and names hold. Nothing for what is no such name. What is not a letter, digit, "-" or "." may
/// come of it ("℀" is "a/c"): look at the result.
[[nodiscard]] std::optional<std::string> ascii_host(std::string_view host);

}  // namespace portico::model
