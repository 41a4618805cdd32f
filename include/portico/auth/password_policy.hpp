#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace portico::auth {

/// What a new password must be: long enough, and none of those that everybody tries first. No rules
/// about digits and signs, which make passwords worse (NIST SP 800-63B §5.1.1.2). Characters are
/// code points of UTF-8.
struct PasswordPolicy {
    std::size_t min_length = 8;
    std::size_t max_length = 128;
    /// Refuse the most common passwords, without regard to case.
    bool refuse_common = true;
    /// Refuse a password that is the username, without regard to case.
    bool refuse_username = true;

    /// Nothing, or a sentence for who chose it. The sentence does not have the password in it.
    [[nodiscard]] std::expected<void, std::string> check(std::string_view password,
                                                         std::string_view username = {}) const;
};

}  // namespace portico::auth
