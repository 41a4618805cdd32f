#include "portico/auth/password_policy.hpp"

#include <algorithm>
#include <array>

namespace portico::auth {

namespace {

/// The most common ones of at least eight characters in published leaks.
constexpr auto kCommon = std::to_array<std::string_view>({
    "00000000",    "0123456789", "0987654321",  "11111111",   "111111111",  "1111111111",
    "11223344",    "12121212",   "123123123",   "1234512345", "12345678",   "123456789",
    "1234567890",  "1234567891", "12345678910", "1234qwer",   "123qwe123",  "1q2w3e4r",
    "1q2w3e4r5t",  "1qaz2wsx",   "22222222",    "55555555",   "66666666",   "77777777",
    "87654321",    "88888888",   "987654321",   "9876543210", "99999999",   "a1234567",
    "a12345678",   "aa123456",   "aaaaaaaa",    "abc12345",   "abcd1234",   "abcdefgh",
    "admin123",    "admin1234",  "adminadmin",  "alexander",  "asdf1234",   "asdfasdf",
    "asdfghjk",    "asdfghjkl",  "baseball",    "basketball", "changeme",   "charlie1",
    "computer",    "corvette",   "danielle",    "dragon123",  "elephant",   "football",
    "football1",   "iloveyou",   "iloveyou1",   "iloveyou2",  "internet",   "jennifer",
    "letmein1",    "letmein123", "liverpool",   "michelle",   "mercedes",   "midnight",
    "p@ssw0rd",    "passw0rd",   "password",    "password!",  "password1",  "password12",
    "password123", "princess",   "princess1",   "q1w2e3r4",   "q1w2e3r4t5", "qazwsxedc",
    "qwer1234",    "qwerasdf",   "qwerty12",    "qwerty123",  "qwerty1234", "qwertyui",
    "qwertyuiop",  "samantha",   "secret123",   "starwars",   "sunshine",   "sunshine1",
    "superman",    "test1234",   "testtest",    "trustno1",   "victoria",   "welcome1",
    "welcome123",  "whatever",   "william1",    "zaq12wsx",   "zxcvbnm1",   "zxcvbnm123",
});

std::string fold_case(std::string_view text) {
    std::string folded(text);
    for (char& c : folded) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return folded;
}

/// The bytes of UTF-8 that are not the later ones of a character.
std::size_t characters(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::expected<void, std::string> PasswordPolicy::check(std::string_view password,
                                                       std::string_view username) const {
    const std::size_t length = characters(password);
    if (length < min_length || password.size() > 4 * max_length || length > max_length) {
        return std::unexpected("Password should have " + std::to_string(min_length) + " to " +
                               std::to_string(max_length) + " characters");
    }
    const std::string folded = fold_case(password);
    if (refuse_common && std::ranges::find(kCommon, folded) != kCommon.end()) {
        return std::unexpected("Password is one of the most common ones");
    }
    if (refuse_username && !username.empty() && folded == fold_case(username)) {
        return std::unexpected("Password should differ from the username");
    }
    return {};
}

}  // namespace portico::auth
