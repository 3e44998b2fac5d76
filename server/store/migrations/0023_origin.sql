-- From which kind of network a signing was asked for (`contract::history::Origin` as JSON); empty in rows of before.
ALTER TABLE signing ADD COLUMN origin TEXT NOT NULL DEFAULT '';
