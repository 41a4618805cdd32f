#include <stdexcept>

#include "auth/json_members.hpp"
#include "auth/jwt_header.hpp"
#include "portico/auth/jwt.hpp"
#include "portico/crypto/random.hpp"

namespace portico::auth {

namespace {

void append_json_text(std::string_view text, std::string& out) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.append(1, '\\').append(1, c);
        } else if (byte < 0x20) {
            out.append("\\u00").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
        } else {
            out += c;
        }
    }
    out += '"';
}

/// An object that grows member by member.
class ObjectWriter {
public:
    /// `value` is JSON.
    void add(std::string_view member, std::string_view value) {
        out_ += out_.empty() ? '{' : ',';
        append_json_text(member, out_);
        out_ += ':';
        out_ += value;
    }
    void add_text(std::string_view member, std::string_view value) {
        std::string json;
        append_json_text(value, json);
        add(member, json);
    }
    [[nodiscard]] std::string end() && {
        out_ += '}';
        return std::move(out_);
    }

private:
    std::string out_;
};

}  // namespace

JwtSigner::JwtSigner(JwtSignerOptions options)
    : options_(std::move(options)), header_(jwt_header(options_.key.algorithm()) + '.') {
    if (!options_.key.can_sign()) throw std::invalid_argument("JwtSigner: the key can't sign");
    if (options_.lifetime <= std::chrono::seconds::zero()) {
        throw std::invalid_argument("JwtSigner: the lifetime must be positive");
    }
}

std::string JwtSigner::sign_json(std::string_view object, const core::Clock& clock) const {
    JsonMembers members;
    if (members.scan(object) != JsonMembers::Fault::none) {
        throw std::invalid_argument("JwtSigner: the claims are no JSON object");
    }
    const auto is_given = [&](std::string_view name) {
        const auto* member = members.find(name);
        return member != nullptr && member->value != "null";
    };
    ObjectWriter payload;
    for (const auto& [name, value] : members.list()) {
        const bool registered = name == "iss" || name == "aud" || name == "iat" || name == "nbf" ||
                                name == "exp" || name == "jti";
        if (!registered || value != "null") payload.add(name, value);
    }
    if (!options_.issuer.empty() && !is_given("iss")) payload.add_text("iss", options_.issuer);
    if (!options_.audience.empty() && !is_given("aud")) payload.add_text("aud", options_.audience);
    const auto now =
        std::chrono::floor<std::chrono::seconds>(clock.now().time_since_epoch()).count();
    if (!is_given("iat")) payload.add("iat", std::to_string(now));
    if (!is_given("nbf")) payload.add("nbf", std::to_string(now));
    if (!is_given("exp")) payload.add("exp", std::to_string(now + options_.lifetime.count()));
    if (!is_given("jti")) payload.add_text("jti", crypto::random_token(16));

    std::string token = header_;
    token += crypto::base64url_encode(std::move(payload).end());
    const std::string signature = crypto::base64url_encode(options_.key.sign(token));
    token += '.';
    token += signature;
    return token;
}

}  // namespace portico::auth
