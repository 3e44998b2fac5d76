-- What a dossier costs and how it was paid. One row a dossier, made at submission; the bill is as it was then.
CREATE TABLE payment (
    dossier_id TEXT PRIMARY KEY REFERENCES dossier (id),
    bill TEXT NOT NULL,
    amount BIGINT NOT NULL,
    full_amount BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    state TEXT NOT NULL,
    method TEXT NOT NULL,
    exemption TEXT,
    accepted BIGINT,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- Written in the same transaction as every change of a payment, never changed.
CREATE TABLE payment_event (
    id TEXT PRIMARY KEY,
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    state TEXT NOT NULL,
    amount BIGINT NOT NULL,
    reference TEXT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX payment_event_of ON payment_event (dossier_id, at);

-- One try at the gateway. `id` is our reference there; a try ends once, but for money that comes after all.
CREATE TABLE online_payment (
    id TEXT PRIMARY KEY,
    dossier_id TEXT NOT NULL REFERENCES dossier (id),
    amount BIGINT NOT NULL,
    state TEXT NOT NULL,
    reference TEXT NOT NULL,
    address TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    asked_at BIGINT NOT NULL
);
CREATE INDEX online_payment_of ON online_payment (dossier_id, started_at);

-- The receipt of a submission: made once, its bytes are in the file store.
CREATE TABLE receipt (
    dossier_id TEXT PRIMARY KEY REFERENCES dossier (id),
    sha256 TEXT NOT NULL,
    sealed BIGINT NOT NULL,
    made_at BIGINT NOT NULL
);
