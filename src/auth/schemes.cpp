#include "portico/auth/schemes.hpp"

#include <algorithm>
#include <stdexcept>

#include "portico/auth/refusals.hpp"
#include "portico/crypto/base64.hpp"
#include "portico/model/write.hpp"

namespace portico::auth {

namespace {

/// A JSON object whose values are texts or JSON.
class ObjectWriter {
public:
    ObjectWriter& text(std::string_view name, std::string_view value) {
        open(name);
        model::write_json_string(value, out_);
        return *this;
    }
    ObjectWriter& text_unless_empty(std::string_view name, std::string_view value) {
        return value.empty() ? *this : text(name, value);
    }
    ObjectWriter& json(std::string_view name, std::string_view value) {
        open(name);
        out_ += value;
        return *this;
    }
    [[nodiscard]] std::string end() const { return out_ + '}'; }

private:
    void open(std::string_view name) {
        if (out_.size() > 1) out_ += ',';
        model::write_json_string(name, out_);
        out_ += ':';
    }

    std::string out_ = "{";
};

std::string api_key_json(const APIKeyOptions& options, std::string_view in) {
    return ObjectWriter()
        .text("type", "apiKey")
        .text_unless_empty("description", options.description)
        .text("in", in)
        .text("name", options.name)
        .end();
}

APIKeyOptions named(APIKeyOptions options, std::string_view scheme_name) {
    if (options.name.empty()) throw std::invalid_argument("an API key needs a name");
    if (options.scheme_name.empty()) options.scheme_name = scheme_name;
    return options;
}

/// An empty key is none.
std::optional<std::string> key_of(std::optional<std::string_view> value) {
    if (!value || value->empty()) return {};
    return std::string(*value);
}

template <class Value>
Value or_refuse(std::optional<Value> found, std::string_view challenge) {
    if (!found) throw not_authenticated(challenge);
    return *std::move(found);
}

bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::optional<std::string_view> authorization(const http::Request& request,
                                              std::string_view scheme) noexcept {
    if (request.headers().count("authorization") != 1) return {};
    const std::string_view value = request.header("authorization");
    if (value.size() <= scheme.size() || value[scheme.size()] != ' ' ||
        !http::equal_names(value.substr(0, scheme.size()), scheme)) {
        return {};
    }
    // RFC 9110 §11.4: credentials = auth-scheme [ 1*SP ( token68 / #auth-param ) ].
    const auto first = value.find_first_not_of(' ', scheme.size());
    if (first == std::string_view::npos) return {};
    return value.substr(first);
}

std::optional<std::string> OAuth2PasswordBearer::find(const http::Request& request) const {
    return key_of(authorization(request, "Bearer"));
}

std::string OAuth2PasswordBearer::operator()(const http::Request& request) const {
    return or_refuse(find(request), "Bearer");
}

std::string OAuth2PasswordBearer::openapi_json() const {
    ObjectWriter scopes;
    for (const auto& [name, what] : options_.scopes) scopes.text(name, what);
    const std::string password = ObjectWriter()
                                     .json("scopes", scopes.end())
                                     .text("tokenUrl", options_.token_url)
                                     .text_unless_empty("refreshUrl", options_.refresh_url)
                                     .end();
    return ObjectWriter()
        .text("type", "oauth2")
        .text_unless_empty("description", options_.description)
        .json("flows", ObjectWriter().json("password", password).end())
        .end();
}

std::optional<std::string> HTTPBearer::find(const http::Request& request) const {
    return key_of(authorization(request, "Bearer"));
}

std::string HTTPBearer::operator()(const http::Request& request) const {
    return or_refuse(find(request), "Bearer");
}

std::string HTTPBearer::openapi_json() const {
    return ObjectWriter()
        .text("type", "http")
        .text_unless_empty("description", options_.description)
        .text("scheme", "bearer")
        .text_unless_empty("bearerFormat", options_.bearer_format)
        .end();
}

HTTPBasic::HTTPBasic(HTTPBasicOptions options) : options_(std::move(options)), challenge_("Basic") {
    if (options_.realm.empty()) return;
    if (std::ranges::any_of(options_.realm, is_control)) {
        throw std::invalid_argument("HTTPBasic: the realm has a control character");
    }
    challenge_ += " realm=\"";
    for (const char c : options_.realm) {
        if (c == '"' || c == '\\') challenge_ += '\\';
        challenge_ += c;
    }
    challenge_ += '"';
}

std::optional<BasicCredentials> HTTPBasic::find(const http::Request& request) const {
    const auto encoded = authorization(request, "Basic");
    if (!encoded) return {};
    const auto pair = crypto::base64_decode(*encoded);
    // RFC 7617 §2: "The user-id and password MUST NOT contain any control characters".
    if (!pair || std::ranges::any_of(*pair, is_control)) return {};
    const auto colon = pair->find(':');
    if (colon == std::string::npos) return {};
    return BasicCredentials{pair->substr(0, colon), pair->substr(colon + 1)};
}

BasicCredentials HTTPBasic::operator()(const http::Request& request) const {
    return or_refuse(find(request), challenge_);
}

std::string HTTPBasic::openapi_json() const {
    return ObjectWriter()
        .text("type", "http")
        .text_unless_empty("description", options_.description)
        .text("scheme", "basic")
        .end();
}

APIKeyHeader::APIKeyHeader(APIKeyOptions options)
    : options_(named(std::move(options), "APIKeyHeader")) {
    if (!http::is_token(options_.name)) {
        throw std::invalid_argument("APIKeyHeader: \"" + options_.name + "\" is no field name");
    }
}

std::optional<std::string> APIKeyHeader::find(const http::Request& request) const {
    return key_of(request.headers().get(options_.name));
}

std::string APIKeyHeader::operator()(const http::Request& request) const {
    return or_refuse(find(request), "APIKey");
}

std::string APIKeyHeader::openapi_json() const {
    return api_key_json(options_, "header");
}

APIKeyQuery::APIKeyQuery(APIKeyOptions options)
    : options_(named(std::move(options), "APIKeyQuery")) {}

std::optional<std::string> APIKeyQuery::find(const http::Request& request) const {
    return key_of(request.query_param(options_.name));
}

std::string APIKeyQuery::operator()(const http::Request& request) const {
    return or_refuse(find(request), "APIKey");
}

std::string APIKeyQuery::openapi_json() const {
    return api_key_json(options_, "query");
}

APIKeyCookie::APIKeyCookie(APIKeyOptions options)
    : options_(named(std::move(options), "APIKeyCookie")) {}

std::optional<std::string> APIKeyCookie::find(const http::Request& request) const {
    return key_of(request.cookie(options_.name));
}

std::string APIKeyCookie::operator()(const http::Request& request) const {
    return or_refuse(find(request), "APIKey");
}

std::string APIKeyCookie::openapi_json() const {
    return api_key_json(options_, "cookie");
}

}  // namespace portico::auth
