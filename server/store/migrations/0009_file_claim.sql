-- When somebody last put a file into the store, by the digest that is its name. Asked before a file that nothing refers to is deleted:
-- whoever puts the same bytes again claims them first, and the row is what both wait for.
CREATE TABLE file_claim (
    sha256 TEXT PRIMARY KEY,
    claimed_at BIGINT NOT NULL
);
-- Who refers to a file, looked up for every file that is old enough to be deleted.
CREATE INDEX attachment_by_file ON attachment (sha256);
CREATE INDEX kept_by_file ON kept (sha256);
CREATE INDEX result_by_file ON result_file (sha256);
CREATE INDEX receipt_by_file ON receipt (sha256);
CREATE INDEX upload_by_file ON upload (sha256);
