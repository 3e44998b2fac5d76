-- Files that arrive in pieces: an account's, named by the digest their bytes will have. A row is the truth; the pieces lie in the
-- object store until the whole is kept under its digest or swept away.
CREATE TABLE upload (
    account_id TEXT NOT NULL REFERENCES account (id),
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    received BIGINT NOT NULL,
    whole BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, sha256)
);
CREATE INDEX upload_by_age ON upload (updated_at);

CREATE TABLE upload_part (
    account_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    begins_at BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (account_id, sha256, begins_at)
);

-- What opens an account's data on its own devices. Given to that account's sessions only.
CREATE TABLE device_secret (
    account_id TEXT PRIMARY KEY REFERENCES account (id),
    secret TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
