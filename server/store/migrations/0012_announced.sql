-- When a dossier was last announced: one that was never submitted is forgotten after some weeks, with the files it was sent.
ALTER TABLE dossier ADD COLUMN announced_at BIGINT;
CREATE INDEX dossier_announced ON dossier (announced_at) WHERE code IS NULL;
