-- When a transaction was last changed: what the instances of the portal tell waiting browsers.
ALTER TABLE signing ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
-- Since when values of some files only are here; 0 = none.
ALTER TABLE signing ADD COLUMN partial_since BIGINT NOT NULL DEFAULT 0;
-- 1 = the provider answers the request itself only after the person decided, so that a broken call is the end.
ALTER TABLE signing ADD COLUMN start_waits BIGINT NOT NULL DEFAULT 0;
-- `lease_until` is not used any more: a lease moves `next_poll_at`, so that the index holds exactly what is due.
CREATE INDEX signing_changed ON signing (changed_at);
CREATE INDEX signing_provider_code ON signing (provider_code);

-- Which transaction a file stands in: no two at a time. Kept for some minutes after the values came, while the browser embeds them.
CREATE TABLE signing_file (
    account_id TEXT NOT NULL REFERENCES account (id),
    attachment TEXT NOT NULL,
    signing_id TEXT NOT NULL REFERENCES signing (id),
    held_until BIGINT NOT NULL,
    PRIMARY KEY (account_id, attachment)
);
CREATE INDEX signing_file_of ON signing_file (signing_id);

-- Which answer of the provider a certificate came from, and when.
ALTER TABLE certificate ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE certificate ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
