#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "auth/json_members.hpp"
#include "portico/auth/jwt.hpp"
#include "portico/crypto/base64.hpp"

namespace {

using namespace portico;

const auth::JwtKey& key() {
    static const auth::JwtKey kKey =
        auth::JwtKey::hmac(auth::Algorithm::HS256, "0123456789abcdef0123456789abcdef").value();
    return kKey;
}

std::string signed_token(std::string_view payload) {
    std::string text = crypto::base64url_encode(R"({"alg":"HS256"})");
    text.append(".").append(crypto::base64url_encode(payload));
    const std::string signature = key().sign(text);
    return text.append(".").append(crypto::base64url_encode(signature));
}

}  // namespace

// The input as a whole token, as a header, and as a payload with a right signature, so that what
// comes after the signature is reached, too. No input may pass with a signature that is not the
// key's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auth::JwtVerifier kVerifier{{.keys = {key()}, .require_expiry = false}};
    static const core::SystemClock kClock;
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    (void)kVerifier.verify(text, kClock);
    const std::string header = crypto::base64url_encode(text);
    if (kVerifier.verify(header + ".e30.AAAA", kClock)) std::abort();

    const auto claims = kVerifier.verify(signed_token(text), kClock);
    if (claims && claims->payload != text) std::abort();

    auth::JsonMembers members;
    if (members.scan(text) == auth::JsonMembers::Fault::none) {
        for (const auto& member : members.list()) {
            if (member.value.empty() || member.value.data() < text.data() ||
                member.value.data() + member.value.size() > text.data() + text.size()) {
                std::abort();
            }
            (void)auth::json_texts(member.value);
        }
    } else if (claims) {
        std::abort();
    }
    return 0;
}
