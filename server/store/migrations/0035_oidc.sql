-- Signing in at an identity provider (OpenID Connect): who somebody is there.
CREATE TABLE external_identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX external_identity_of_account ON external_identity (account_id);

-- Sign-ins that are on their way: used once, by the browser that began them.
CREATE TABLE oidc_login (
    state_sha256 TEXT PRIMARY KEY,
    browser_sha256 TEXT NOT NULL,
    provider TEXT NOT NULL,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    next TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX oidc_login_by_end ON oidc_login (expires_at);

-- The provider's session behind one of ours, so that its end ends ours. `id_token` is kept only where nothing personal stands in it.
CREATE TABLE oidc_session (
    token_sha256 TEXT PRIMARY KEY REFERENCES session (token_sha256) ON DELETE CASCADE ON UPDATE CASCADE,
    provider TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    sid TEXT,
    id_token TEXT
);
CREATE INDEX oidc_session_of_subject ON oidc_session (issuer, subject);
CREATE INDEX oidc_session_of_sid ON oidc_session (issuer, sid);

-- Logout tokens that were heard, until they expire.
CREATE TABLE oidc_logout (
    issuer TEXT NOT NULL,
    jti TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, jti)
);
CREATE INDEX oidc_logout_by_end ON oidc_logout (expires_at);

-- Accounts by identity number: it stands first in `person`, and nine of its digits tell almost everybody apart.
CREATE INDEX account_by_number ON account (substr(person, 1, 24));
