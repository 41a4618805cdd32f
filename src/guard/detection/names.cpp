#include <algorithm>
#include <array>

#include "portico/guard/detection.hpp"

namespace portico::guard {
namespace {

constexpr auto kCategoryNames = std::to_array<std::string_view>({
    "sql_injection",
    "nosql_injection",
    "xss",
    "path_traversal",
    "file_inclusion",
    "command_injection",
    "code_injection",
    "template_injection",
    "xxe",
    "ssrf",
    "jndi",
    "ldap_injection",
    "protocol",
    "prototype_pollution",
    "deserialization",
    "sensitive_file",
});
static_assert(kCategoryNames.size() == kCategories);

constexpr auto kPlaceNames = std::to_array<std::string_view>({
    "path",
    "query_name",
    "query_value",
    "header",
    "known_header",
    "cookie",
    "body_name",
    "form_value",
    "body_value",
    "file_name",
    "document",
});
static_assert(kPlaceNames.size() == kPlaces);

constexpr auto kSeverityNames =
    std::to_array<std::string_view>({"low", "medium", "high", "critical"});

constexpr auto kNotScannedNames =
    std::to_array<std::string_view>({"nested", "work", "binary_body", "encoded_body"});

}  // namespace

std::string_view name_of(Category category) noexcept {
    return kCategoryNames[static_cast<std::size_t>(category)];
}

std::optional<Category> category_of(std::string_view name) noexcept {
    const auto at = std::ranges::find(kCategoryNames, name);
    if (at == kCategoryNames.end()) return std::nullopt;
    return static_cast<Category>(at - kCategoryNames.begin());
}

std::string_view name_of(Place place) noexcept {
    return kPlaceNames[static_cast<std::size_t>(place)];
}

std::string_view name_of(Severity severity) noexcept {
    return kSeverityNames[static_cast<std::size_t>(severity)];
}

std::string_view name_of(NotScanned reason) noexcept {
    return kNotScannedNames[static_cast<std::size_t>(reason)];
}

}  // namespace portico::guard
