#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portico::guard {

/// What an attack is aimed at.
enum class Category : std::uint8_t {
    sql_injection,
    nosql_injection,
    xss,
    path_traversal,
    file_inclusion,
    command_injection,
    code_injection,
    template_injection,
    xxe,
    ssrf,
    jndi,  ///< Log4Shell and its kin.
    ldap_injection,
    protocol,  ///< Split headers, smuggled requests, shellshock.
    prototype_pollution,
    deserialization,
    sensitive_file,  ///< Looking for what servers should not serve; in the path only.
};

inline constexpr int kCategories = 16;

/// "sql_injection" and so on: the names in rules, settings and logs.
[[nodiscard]] std::string_view name_of(Category category) noexcept;
[[nodiscard]] std::optional<Category> category_of(std::string_view name) noexcept;

/// How bad it is if it succeeds; how sure the rule is stands in its score.
enum class Severity : std::uint8_t { low, medium, high, critical };
[[nodiscard]] std::string_view name_of(Severity severity) noexcept;

/// Where in a request a value was found.
enum class Place : std::uint8_t {
    path,
    query_name,
    query_value,
    header,        ///< Free text: User-Agent, Referer, X-…
    known_header,  ///< With a grammar of its own: Accept, Authorization, Sec-…, ETags, dates.
    cookie,
    body_name,   ///< A key of JSON, a name of a form's field or part.
    form_value,  ///< Of a form: short, and of one thing, more often than what follows.
    body_value,  ///< A value of JSON, a text of XML, a plain text.
    file_name,
    document,  ///< An XML body as a whole.
};

inline constexpr int kPlaces = 11;

[[nodiscard]] std::string_view name_of(Place place) noexcept;

/// Places as bits: `1 << place`.
using PlaceSet = std::uint16_t;

[[nodiscard]] constexpr PlaceSet place_bit(Place place) noexcept {
    return static_cast<PlaceSet>(1U << static_cast<unsigned>(place));
}

/// A sign of an attack: a pattern, where it counts, and how much.
struct Rule {
    std::string id;  ///< Lower-case letters, digits, "-": what logs and exemptions name it by.
    Category category = Category::sql_injection;
    Severity severity = Severity::medium;
    /// 1–5: what it adds to the score of a value. 5 is enough alone; less are signs that add up.
    int score = 5;
    PlaceSet where = 0;
    /// Regular expressions without memory, any of which is enough: literals, `.`, `[…]`, `\d \w
    /// \s`, groups, `* + ? {m,n}`, `\b` and `^` at the start, `\b` and `$` at an end. Letters match
    /// without case.
    std::vector<std::string> patterns;
    /// A scanner of the engine that must agree; empty for none.
    std::string confirm;
    std::string about;                ///< One line for people.
    std::vector<std::string> attack;  ///< Texts that it must find.
    std::vector<std::string> clean;   ///< Texts that it must not find.
};

/// Reads rules in the format of `src/guard/rules/*.rules`, see docs/detection.md. `source` is
/// named in errors. An error lists every fault, one a line: "own.rules:12: …".
///
///     [acme-coupon]
///     category: code_injection
///     severity: medium
///     score: 5
///     where: query_value body_value
///     pattern: \bcoupon_override\s*=
///     about: A parameter of the old shop that switched its checks off
///     attack: coupon_override=1
///     clean: a coupon override is not possible
[[nodiscard]] std::expected<std::vector<Rule>, std::string> parse_rules(std::string_view text,
                                                                        std::string_view source);

/// The rules that Portico comes with.
[[nodiscard]] std::vector<Rule> built_in_rules();

}  // namespace portico::guard
