-- Codes of an authenticator app, half-way sign-ins, and new passwords by e-mail.

-- The password was right and a code is wanted: good for that and for nothing else.
CREATE TABLE half_session (
    token_sha256 TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX half_session_begun ON half_session (created_at);

-- `secret` is sealed with a key that is not in the database. It counts once `confirmed_at` is set; `last_step` is the newest step of
-- which a code was taken (RFC 6238 §5.2: no code twice).
CREATE TABLE second_factor (
    account_id TEXT PRIMARY KEY REFERENCES account (id),
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE recovery_code (
    account_id TEXT NOT NULL REFERENCES account (id),
    code_sha256 TEXT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (account_id, code_sha256)
);

-- One line an account: when a link was asked for last, and the hash of the token that was sent.
CREATE TABLE password_reset (
    account_id TEXT PRIMARY KEY REFERENCES account (id),
    asked_at BIGINT NOT NULL,
    token_sha256 TEXT,
    expires_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX password_reset_token ON password_reset (token_sha256);
