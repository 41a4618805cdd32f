#pragma once

#include <optional>
#include <string>
#include <vector>

#include "portico/model/annotated.hpp"
#include "portico/model/secret.hpp"

namespace portico::auth {

/// The form of a log-in (RFC 6749 §4.3.2), as the Authorize dialog of the docs page sends it.
///
///     app.post("/auth/token", [](Form<OAuth2PasswordRequestForm> form) -> Task<Token> { … });
struct OAuth2PasswordRequestForm {
    std::optional<model::Annotated<std::string, model::pattern("^password$")>> grant_type;
    std::string username;
    model::SecretString password;
    model::Annotated<std::string> scope = "";  ///< Names, separated by spaces.
    std::optional<std::string> client_id;
    std::optional<model::SecretString> client_secret;

    /// The names in `scope`, each once, in order. What is asked for, not what is granted.
    [[nodiscard]] std::vector<std::string> scopes() const;
};

}  // namespace portico::auth
