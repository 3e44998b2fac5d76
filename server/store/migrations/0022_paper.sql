-- Who signed a file of a result on the portal and whose seal it carries (JSON).
ALTER TABLE result_file ADD COLUMN hands TEXT NOT NULL DEFAULT '{}';

-- Slips by the standard forms: made once, by what was done. `unsealed`: so many bytes from the file's beginning are the slip as it was
-- drawn, before any seal or signature; `due_at`: the date it promises, 0 for none; `place`: where the
-- seal belongs (JSON: page and box).
CREATE TABLE slip (
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    id TEXT NOT NULL,
    form TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    unsealed BIGINT NOT NULL,
    place TEXT NOT NULL,
    hands TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (dossier_id, form, number)
);
CREATE INDEX slip_of_file ON slip (sha256);
