#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

/// The parts of a URL as the WHATWG URL standard writes them.
namespace portico::model {

/// Which bytes of a part are percent-encoded (§1.3).
enum class UrlSet : std::uint8_t { opaque, fragment, query, special_query, path, user_info };

void append_encoded(std::string_view text, UrlSet set, std::string& out);

/// Appends the path, which is empty or starts with "/", without its "." and ".." segments (§4.4).
void append_path(std::string_view path, std::string& out);

/// "http": what is special about some schemes (§4.2). Port 0: no default.
struct SpecialScheme {
    std::string_view name;
    std::uint16_t port;
};
[[nodiscard]] std::optional<SpecialScheme> special_scheme(std::string_view scheme) noexcept;

/// A host as it is written, or what is wrong with it. It may be empty.
[[nodiscard]] std::expected<std::string, const char*> url_host(std::string_view host, bool special);

}  // namespace portico::model
