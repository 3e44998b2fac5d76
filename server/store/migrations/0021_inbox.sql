-- The officers' inbox: one narrow row a submitted dossier, with everything that lists are narrowed and sorted by. A copy: `dossier` is the
-- truth, `store::inbox` writes both in one transaction. Rows of dossiers submitted before are made when the database is opened.
CREATE TABLE inbox (
    -- Counts up in the order of submission; what the words below point to.
    number BIGINT PRIMARY KEY,
    dossier_id TEXT NOT NULL UNIQUE REFERENCES dossier (id),
    agency TEXT NOT NULL,
    procedure TEXT NOT NULL,
    status TEXT NOT NULL,
    -- 1 = somebody still has to do something.
    on_desk BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    -- The due date while the agency's clock runs; else a number behind every date that grows with age.
    due_key BIGINT NOT NULL,
    name_key TEXT NOT NULL,
    signed BIGINT NOT NULL,
    channel TEXT NOT NULL,
    assignee TEXT,
    search TEXT NOT NULL
);
-- Everything there is.
CREATE INDEX inbox_newest ON inbox (submitted_at, number);
CREATE INDEX inbox_agency ON inbox (agency, submitted_at, number);
CREATE INDEX inbox_status ON inbox (status, submitted_at, number);
CREATE INDEX inbox_agency_status ON inbox (agency, status, submitted_at, number);
CREATE INDEX inbox_by_procedure ON inbox (procedure, submitted_at, number);
CREATE INDEX inbox_name ON inbox (name_key, number);
-- What is open: a small part of it.
CREATE INDEX inbox_open_newest ON inbox (submitted_at, number) WHERE on_desk = 1;
CREATE INDEX inbox_open_due ON inbox (due_key, number) WHERE on_desk = 1;
CREATE INDEX inbox_open_name ON inbox (name_key, number) WHERE on_desk = 1;
CREATE INDEX inbox_open_agency ON inbox (agency, submitted_at, number) WHERE on_desk = 1;
CREATE INDEX inbox_open_agency_due ON inbox (agency, due_key, number) WHERE on_desk = 1;
CREATE INDEX inbox_open_agency_name ON inbox (agency, name_key, number) WHERE on_desk = 1;
CREATE INDEX inbox_open_procedure ON inbox (procedure, due_key, number) WHERE on_desk = 1;
CREATE INDEX inbox_open_status_due ON inbox (status, due_key, number) WHERE on_desk = 1;
CREATE INDEX inbox_assignee ON inbox (assignee, number) WHERE assignee IS NOT NULL;

-- Folded words, numbers and ends of names, and the dossiers they stand in (`contract::inbox::Found`).
CREATE TABLE inbox_word (
    word TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (word, number)
);

-- Names that procedures have or had when something was submitted: few, and so not among the words of each dossier.
CREATE TABLE inbox_procedure (
    procedure TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (procedure, name)
);

-- `Kênh`: how it came in.
ALTER TABLE dossier ADD COLUMN channel TEXT NOT NULL DEFAULT 'online';

-- `Bộ lọc của tôi`.
CREATE TABLE inbox_filter (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    filter TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    UNIQUE (account_id, name)
);

-- The last number, and a mark that rows of earlier dossiers are still to be made.
INSERT INTO code_counter (unit, day, last) VALUES ('', 'inbox', 0);
INSERT INTO code_counter (unit, day, last) VALUES ('', 'inbox-to-fill', 0);
