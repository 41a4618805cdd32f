#include "portico/model/secret_string.hpp"

namespace portico::model {

void SecretString::wipe() noexcept {
    // The capacity too: a longer secret may have been there before.
    volatile char* at = text_.data();
    for (std::size_t i = 0; i < text_.capacity(); ++i) at[i] = '\0';
    text_.clear();
}

SecretString& SecretString::operator=(const SecretString& other) {
    if (this != &other) *this = SecretString(other);
    return *this;
}

SecretString& SecretString::operator=(SecretString&& other) noexcept {
    if (this != &other) {
        wipe();
        text_ = std::move(other.text_);
        other.wipe();
    }
    return *this;
}

constinit const detail::TextDetails TypeTraits<SecretString>::kText{
    .parse =
        [](std::string_view text, void* out, detail::TextFault&) {
            *static_cast<SecretString*>(out) = SecretString(text);
            return true;
        },
    .print = [](const void* value,
                std::string& out) { out += static_cast<const SecretString*>(value)->to_string(); },
    .schema = R"({"type":"string","format":"password","writeOnly":true})",
    .is_secret = true,
};

}  // namespace portico::model
