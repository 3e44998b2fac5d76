-- Other systems of the province that are told of events. `events` holds their words between commas: `,dossier.submitted,dossier.decided,`.
CREATE TABLE hook (
    name TEXT PRIMARY KEY,
    events TEXT NOT NULL,
    active BIGINT NOT NULL
);

-- One message to one of them, written in the transaction of what it tells. `position` orders those about one subject; `next_at` is none
-- once it arrived or was given up.
CREATE TABLE hook_message (
    id TEXT PRIMARY KEY,
    hook TEXT NOT NULL REFERENCES hook (name),
    subject_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    next_at BIGINT,
    tries BIGINT NOT NULL DEFAULT 0,
    delivered_at BIGINT,
    failed_at BIGINT,
    problem TEXT
);
CREATE INDEX hook_message_due ON hook_message (next_at);
CREATE INDEX hook_message_order ON hook_message (hook, subject_id, position);
