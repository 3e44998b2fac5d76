-- Officers who have a dossier open right now: said again and again while the page is seen, forgotten minutes after. What was looked at
-- stands in the journal; this is no history of it.
CREATE TABLE presence (
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    since BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (dossier_id, account_id)
);
CREATE INDEX presence_seen ON presence (seen_at);
