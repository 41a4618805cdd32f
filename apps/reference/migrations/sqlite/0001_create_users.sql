-- AUTOINCREMENT: an id is never given twice, so that a token can't outlive its user into another.
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL COLLATE NOCASE UNIQUE,
    email TEXT NOT NULL COLLATE NOCASE UNIQUE,
    hashed_password TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    token_version INTEGER NOT NULL DEFAULT 0
);

-- down
DROP TABLE users;
