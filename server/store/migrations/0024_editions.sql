-- Versions of the catalogue's documents; the data folder's files are version 0 and stand in no row.

CREATE TABLE edition (
    id TEXT PRIMARY KEY,
    -- procedure, events, units, holidays, work
    kind TEXT NOT NULL,
    -- A procedure's code; `-` where there is one document only.
    code TEXT NOT NULL,
    number BIGINT NOT NULL,
    -- draft, published, withdrawn
    state TEXT NOT NULL,
    -- The document as a file; empty: from its date on there is no such procedure.
    content TEXT NOT NULL,
    -- YYYY-MM-DD; empty where a draft plans none.
    effective_from TEXT NOT NULL,
    author TEXT NOT NULL REFERENCES account (id),
    note TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX edition_of ON edition (kind, code, number);
-- One draft a document.
CREATE UNIQUE INDEX edition_draft ON edition (kind, code) WHERE state = 'draft';
CREATE INDEX edition_state ON edition (state);

-- Counts publications and withdrawals: instances look at it to learn that something else is in force.
CREATE TABLE edition_stamp (
    id BIGINT PRIMARY KEY,
    number BIGINT NOT NULL
);
INSERT INTO edition_stamp (id, number) VALUES (1, 0);
