-- What happens to a dossier after it was submitted: supplement requests, results, messages, notices, e-mail, reminders.

-- Files that were replaced when a supplement request was answered (JSON list); their bytes stay.
ALTER TABLE dossier ADD COLUMN former TEXT NOT NULL DEFAULT '[]';

CREATE TABLE supplement (
    id TEXT PRIMARY KEY,
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    items TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    answered_at BIGINT,
    -- The dossier's status when it was asked: there it goes back to.
    before_status TEXT NOT NULL,
    -- What the citizen announced, before its files are here.
    answer TEXT
);
CREATE INDEX supplement_of ON supplement (dossier_id, asked_at);

CREATE TABLE result_file (
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    id TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    verdict TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    PRIMARY KEY (dossier_id, id)
);

CREATE TABLE message (
    id TEXT PRIMARY KEY,
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT
);
CREATE INDEX message_of ON message (dossier_id, at);

-- Until when each side of a dossier has read.
CREATE TABLE message_seen (
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    side TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (dossier_id, side)
);

CREATE TABLE notice (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    at BIGINT NOT NULL,
    about TEXT NOT NULL,
    dossier_id TEXT,
    read_at BIGINT
);
CREATE INDEX notice_of ON notice (account_id, at);

-- No row: all kinds.
CREATE TABLE mail_choice (
    account_id TEXT PRIMARY KEY REFERENCES account (id),
    choices TEXT NOT NULL
);

-- E-mail that waits, and that was sent. `next_at` is null when nothing is to be done any more; a lease moves it.
CREATE TABLE mail (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    about TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    next_at BIGINT,
    tries BIGINT NOT NULL DEFAULT 0,
    sent_at BIGINT,
    problem TEXT
);
CREATE INDEX mail_due ON mail (next_at);

CREATE TABLE reminder (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    about TEXT NOT NULL,
    dossier_id TEXT,
    title TEXT NOT NULL,
    days_before BIGINT NOT NULL,
    at BIGINT,
    fires_at BIGINT,
    told_at BIGINT
);
CREATE INDEX reminder_due ON reminder (fires_at);
CREATE INDEX reminder_of ON reminder (account_id);
