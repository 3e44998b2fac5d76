-- Keys of stored files and of sealed values. Each is sealed by a key that is in no database (`kek` is its name): that one is replaced by
-- changing these few rows. The newest seals, all open.
CREATE TABLE store_key (
    id TEXT PRIMARY KEY,
    kek TEXT NOT NULL,
    sealed TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
