-- Officers: rights as data, the journal, and how a received dossier is worked on.

-- JSON list of duties, each with agencies and procedures; `*` is every one, an empty list none.
ALTER TABLE account ADD COLUMN grants TEXT NOT NULL DEFAULT '[]';

-- The journal. Rows are only ever added; each hash covers the one before (`store::audit`). Empty text: nobody, none.
CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    dossier TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_of_actor ON audit (actor, number);
CREATE INDEX audit_of_dossier ON audit (dossier, number);
CREATE INDEX audit_of_action ON audit (action, number);
CREATE INDEX audit_at ON audit (at);

-- Its end: one row that whoever adds a record holds until its transaction is over, so that the chain has no forks.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (id, number, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- Where a dossier stands between "received" and "done": which step of its procedure (from 0), until when, and who has it.
ALTER TABLE dossier ADD COLUMN step BIGINT;
ALTER TABLE dossier ADD COLUMN step_due_at BIGINT;
ALTER TABLE dossier ADD COLUMN assignee TEXT;

CREATE TABLE work_entry (
    id TEXT PRIMARY KEY,
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    name TEXT NOT NULL,
    done TEXT NOT NULL,
    step TEXT NOT NULL,
    to_name TEXT NOT NULL,
    note TEXT NOT NULL,
    due_at BIGINT,
    late BIGINT NOT NULL
);
CREATE INDEX work_entry_of ON work_entry (dossier_id, at);
