-- Refresh tokens are kept as SHA-256: a copy of the database lets nobody in.
CREATE TABLE refresh_tokens (
    token_hash text PRIMARY KEY,
    family_id text NOT NULL,
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    scopes text NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint
);

CREATE INDEX refresh_tokens_family_id ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_user_id ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);

-- Access tokens that were logged out, until they expire by themselves.
CREATE TABLE revoked_tokens (
    jti text PRIMARY KEY,
    expires_at bigint NOT NULL
);

CREATE INDEX revoked_tokens_expires_at ON revoked_tokens (expires_at);

-- down
DROP TABLE revoked_tokens;
DROP TABLE refresh_tokens;
