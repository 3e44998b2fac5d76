-- One agency's dossiers by name, open or not: without it SQLite sorted all of them.
CREATE INDEX inbox_agency_name ON inbox (agency, name_key, number);
-- What was submitted lately and may be missing in the inbox (`store::inbox::mend`); also what statistics count.
CREATE INDEX dossier_submitted ON dossier (submitted_at) WHERE code IS NOT NULL;
