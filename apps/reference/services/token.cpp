#include "services/token.hpp"

#include <algorithm>
#include <string>
#include <utility>

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
    std::string refresh_token =
        co_await auth::RefreshTokens(refresh_lifetime_, clock)
            .issue(refresh_tokens_, std::to_string(user.id), joined(scopes));
    co_return pair(user, scopes, std::move(refresh_token), clock);
}

Task<std::optional<Token>> TokenService::refresh(std::string_view refresh_token,
                                                 const Clock& clock) {
    auto rotated = co_await auth::RefreshTokens(refresh_lifetime_, clock)
                       .rotate(refresh_tokens_, std::string(refresh_token));
    if (!rotated) {
        // The answer is an error, which would roll a revocation of the family back.
        co_await session_->commit();
        co_return std::nullopt;
    }
    const std::int64_t owner = std::stoll(rotated->record.owner);
    const std::optional<User> user = co_await UserRepository(*session_).get(owner);
    if (!user || user->disabled) co_return std::nullopt;
    const auto granted = parse_scopes(rotated->record.scope);
    if (!granted) co_return std::nullopt;
    const std::vector<Scope> scopes = intersection(*granted, user->scopes);
    if (scopes.empty()) co_return std::nullopt;
    co_return pair(*user, scopes, std::move(rotated->token), clock);
}

Task<void> TokenService::logout(std::int64_t user_id, const AccessClaims& access,
                                std::string_view refresh_token) {
    // Twice in a row is no error: the token is out either way.
    static_cast<void>(co_await auth::RefreshTokens().revoke(
        refresh_tokens_, std::string(refresh_token), std::to_string(user_id)));
    static_cast<void>(co_await RevokedTokenRepository(*session_).try_create(
        {.jti = *access.jti, .expires_at = *access.exp}));
    co_await session_->commit();
    revoked_->revoke(*access.jti, access.expires_at());
    co_await others_->tell_revoked(*access.jti, access.expires_at());
}

Token TokenService::pair(const User& user, const std::vector<Scope>& scopes,
                         std::string refresh_token, const Clock& clock) const {
    return {.access_token = authenticator_->issue(user, scopes, clock),
            .expires_in = authenticator_->lifetime().count(),
            .refresh_token = std::move(refresh_token),
            .scope = joined(scopes)};
}

}  // namespace reference
