-- Sessions that people see and end. The public id is no part of the token; an instance of an older release, while both run, leaves it
-- empty, so that it is not unique. `authenticated_at` is when the person last proved who they are, `method` how.
ALTER TABLE session ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
-- Families only, from the User-Agent: no version, no address.
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN platform TEXT NOT NULL DEFAULT '';
UPDATE session SET authenticated_at = created_at, id = substr(token_sha256, 1, 8) || '-' || substr(token_sha256, 9, 4) || '-'
    || substr(token_sha256, 13, 4) || '-' || substr(token_sha256, 17, 4) || '-' || substr(token_sha256, 21, 12);
CREATE INDEX session_by_id ON session (id);
CREATE INDEX session_of ON session (account_id);
CREATE INDEX session_begun ON session (created_at);
