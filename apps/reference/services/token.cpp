#include "services/token.hpp"

#include <algorithm>

#include "errors.hpp"

namespace reference {

namespace {

constexpr std::pair<std::string_view, Scope> kScopes[] = {
    {"read", Scope::read}, {"write", Scope::write}, {"admin", Scope::admin}};

std::string joined(const std::vector<Scope>& scopes) {
    std::string text;
    for (const auto& [name, scope] : kScopes) {
        if (std::ranges::find(scopes, scope) == scopes.end()) continue;
        if (!text.empty()) text += ' ';
        text += name;
    }
    return text;
}

/// Nothing: one of the names is unknown.
std::optional<std::vector<Scope>> parse_scopes(std::string_view text) {
    std::vector<Scope> scopes;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view name = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (name.empty()) continue;
        const auto* known =
            std::ranges::find(kScopes, name, &std::pair<std::string_view, Scope>::first);
        if (known == std::end(kScopes)) return std::nullopt;
        scopes.push_back(known->second);
    }
    return scopes;
}

std::vector<Scope> intersection(const std::vector<Scope>& wanted, const std::vector<Scope>& held) {
    std::vector<Scope> both;
    for (const auto& [name, scope] : kScopes) {
        if (std::ranges::find(wanted, scope) != wanted.end() &&
            std::ranges::find(held, scope) != held.end()) {
            both.push_back(scope);
        }
    }
    return both;
}

}  // namespace

Task<Token> TokenService::issue(const User& user, std::string_view requested, const Clock& clock) {
    std::optional<std::vector<Scope>> wanted = parse_scopes(requested);
    if (!wanted) throw InvalidScopeError();
    if (wanted->empty()) wanted = {Scope::read, Scope::write};
    std::vector<Scope> scopes = intersection(*wanted, user.scopes);
    if (scopes.empty()) throw InvalidScopeError();
    co_return co_await make(user, std::move(scopes), crypto::random_token(16), clock);
}

Task<std::optional<Token>> TokenService::refresh(std::string_view refresh_token,
                                                 const Clock& clock) {
    const std::int64_t now = seconds_since_1970(clock);
    const std::string hash = crypto::sha256_hex(refresh_token);
    const std::optional<RefreshToken> row = co_await refresh_tokens_.get(hash);
    if (!row || row->expires_at <= now) co_return std::nullopt;
    if (!co_await refresh_tokens_.claim(hash, now)) {
        // RFC 9700 §4.14.2: a token that comes twice was stolen by one of the two who sent it;
        // which one can't be told, so both lose. The answer is an error, which would roll this
        // back.
        co_await refresh_tokens_.remove_family(row->family_id);
        co_await session_->commit();
        co_return std::nullopt;
    }
    const std::optional<User> user = co_await UserRepository(*session_).get(row->user_id.value);
    if (!user || user->disabled) co_return std::nullopt;
    std::vector<Scope> scopes = intersection(row->scopes, user->scopes);
    if (scopes.empty()) co_return std::nullopt;
    co_return co_await make(*user, std::move(scopes), row->family_id, clock);
}

Task<void> TokenService::logout(std::int64_t user_id, const AccessClaims& access,
                                std::string_view refresh_token) {
    const auto row = co_await refresh_tokens_.get(crypto::sha256_hex(refresh_token));
    if (row && row->user_id == user_id) co_await refresh_tokens_.remove_family(row->family_id);
    // Twice in a row is no error: the token is out either way.
    static_cast<void>(co_await RevokedTokenRepository(*session_).try_create(
        {.jti = *access.jti, .expires_at = *access.exp}));
    co_await session_->commit();
    revoked_->add(*access.jti, *access.exp);
}

Task<Token> TokenService::make(const User& user, std::vector<Scope> scopes, std::string family_id,
                               const Clock& clock) {
    Token token{.access_token = authenticator_->issue(user, scopes, clock),
                .expires_in = authenticator_->lifetime().count(),
                .refresh_token = crypto::random_token(),
                .scope = joined(scopes)};
    co_await refresh_tokens_.create(
        {.token_hash = crypto::sha256_hex(token.refresh_token),
         .family_id = std::move(family_id),
         .user_id = user.id.value,
         .scopes = std::move(scopes),
         .expires_at = seconds_since_1970(clock) + refresh_lifetime_.count(),
         .used_at = std::nullopt});
    co_return token;
}

}  // namespace reference
