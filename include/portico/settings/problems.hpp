#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portico::settings {

/// One thing that is wrong with the settings, never with a secret's value in it.
struct Problem {
    std::string field;    ///< "port", "guard.rate_limit"; empty: the settings as a whole.
    std::string message;  ///< `expected a number in 1–65535, got "80a"`
    std::string source;   ///< "environment variable PORT"; empty: several, or none.

    /// `port: expected a number in 1–65535, got "80a" (environment variable PORT)`
    [[nodiscard]] std::string to_string() const;
};

/// Everything that is wrong, in the order of the fields. A check of several fields adds to it:
///
///     void check_together(const Settings& settings, Problems& problems) {
///         if (settings.debug && settings.environment == Environment::production) {
///             problems.add("debug", "is refused in production");
///         }
///     }
class Problems {
public:
    /// Dropped when the field was found wrong on its own: it holds nothing then that could be
    /// checked. The source is looked up from the field.
    void add(std::string_view field, std::string message);
    void add(Problem problem) { list_.push_back(std::move(problem)); }

    /// True when that field was found wrong: a check that reads it can't conclude anything.
    [[nodiscard]] bool has(std::string_view field) const noexcept;
    [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
    [[nodiscard]] const std::vector<Problem>& list() const noexcept { return list_; }
    [[nodiscard]] std::vector<Problem>& list() noexcept { return list_; }

private:
    std::vector<Problem> list_;
};

/// Where each field's value came from, for debugging: values are not in it.
class Sources {
public:
    struct Entry {
        std::string field;   ///< "guard.rate_limit"
        std::string source;  ///< "environment variable GUARD__RATE_LIMIT", "default"
    };

    /// Empty for a field that there is not.
    [[nodiscard]] std::string_view of(std::string_view field) const noexcept;
    [[nodiscard]] const std::vector<Entry>& list() const noexcept { return list_; }
    void set(std::string_view field, std::string source);

private:
    std::vector<Entry> list_;
};

}  // namespace portico::settings
