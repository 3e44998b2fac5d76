-- `Kho dữ liệu cá nhân`: what a person keeps on purpose, and what they noted of files their dossiers hold, by the digest of the bytes.
-- Files of submitted dossiers without a row here belong to the store too.
CREATE TABLE kept (
    account_id TEXT NOT NULL REFERENCES account (id),
    sha256 TEXT NOT NULL,
    file_name TEXT NOT NULL,
    size BIGINT NOT NULL,
    -- Null until the bytes are here.
    verdict TEXT,
    expires_on TEXT,
    signings TEXT NOT NULL,
    signed_as TEXT,
    -- 1 = kept on purpose, counts against the quota; 0 = only noted.
    on_purpose BIGINT NOT NULL,
    -- 1 = the person took it out of the store; the dossiers that hold it show it no more here.
    hidden BIGINT NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, sha256)
);
