#pragma once

#include <optional>
#include <string>

namespace reference {

/// The body of every error, whichever layer made it. All three keys are always there.
struct ErrorResponse {
    std::string error;
    std::optional<std::string> detail;
    std::optional<std::string> code;
};

}  // namespace reference
