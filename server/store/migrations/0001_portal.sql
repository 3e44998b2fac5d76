-- Columns are TEXT, BIGINT and DOUBLE only: one text for SQLite and PostgreSQL.
-- Times are milliseconds since 1970; ids are uuids; bytes of files live in the object store.

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    user_name TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('citizen', 'officer')),
    name TEXT NOT NULL,
    agency TEXT,
    person TEXT NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,
    locked_until BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE session (
    token_sha256 TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE TABLE profile (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    content TEXT NOT NULL,
    is_default BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX profile_of_account ON profile (account_id);

-- Certificates a provider showed, so that a signing binds to one that was checked.
CREATE TABLE certificate (
    account_id TEXT NOT NULL REFERENCES account (id),
    provider TEXT NOT NULL,
    citizen_id TEXT NOT NULL,
    serial TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (account_id, provider, citizen_id, serial)
);

CREATE TABLE signing (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    request TEXT NOT NULL,
    provider TEXT NOT NULL,
    certificate TEXT NOT NULL,
    state TEXT NOT NULL,
    failure TEXT,
    provider_code TEXT,
    comparison_code TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    signatures TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_poll_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL DEFAULT 0,
    version BIGINT NOT NULL
);
CREATE INDEX signing_due ON signing (next_poll_at);
CREATE INDEX signing_of_account ON signing (account_id, started_at);

-- The signing history: written in the same transaction as every change of state, never changed.
CREATE TABLE signing_event (
    id TEXT PRIMARY KEY,
    signing_id TEXT NOT NULL REFERENCES signing (id),
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    actor TEXT NOT NULL,
    provider_transaction TEXT
);
CREATE INDEX signing_event_of ON signing_event (signing_id, at);

CREATE TABLE dossier (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    manifest TEXT NOT NULL,
    definition TEXT NOT NULL,
    code TEXT UNIQUE,
    status TEXT,
    applicant TEXT NOT NULL,
    procedure TEXT NOT NULL,
    procedure_name TEXT NOT NULL,
    agency TEXT NOT NULL,
    search TEXT NOT NULL,
    fee_total BIGINT NOT NULL,
    signed_files BIGINT NOT NULL,
    files BIGINT NOT NULL,
    submitted_at BIGINT,
    due_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX dossier_of_account ON dossier (account_id, submitted_at);
CREATE INDEX dossier_inbox ON dossier (status, submitted_at);

CREATE TABLE attachment (
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    PRIMARY KEY (dossier_id, id)
);

CREATE TABLE dossier_event (
    id TEXT PRIMARY KEY,
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    status TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX dossier_event_of ON dossier_event (dossier_id, at);

CREATE TABLE code_counter (
    unit TEXT NOT NULL,
    day TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (unit, day)
);
