#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace portico::http {

/// One `name=value` of a field such as `Content-Type`.
struct Parameter {
    std::string_view name;
    std::string_view value;  ///< Without the quotes; escapes are still in it.
    bool quoted = false;
};

/// Reads `*( OWS ";" OWS [ name "=" ( token / quoted-string ) ] )` (RFC 9110 §5.6.6) from left to
/// right, in linear time.
class ParameterReader {
public:
    explicit ParameterReader(std::string_view text) noexcept : rest_(text) {}

    /// Nothing at the end or at a fault: then `malformed()` tells.
    [[nodiscard]] std::optional<Parameter> next() noexcept;
    [[nodiscard]] bool malformed() const noexcept { return malformed_; }

private:
    std::optional<Parameter> fail() noexcept {
        malformed_ = true;
        rest_ = {};
        return {};
    }

    std::string_view rest_;
    bool malformed_ = false;
};

/// The length of the token that `text` starts with.
[[nodiscard]] std::size_t token_length(std::string_view text) noexcept;

}  // namespace portico::http
