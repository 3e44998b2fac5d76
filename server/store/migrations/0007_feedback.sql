-- What people tell the province. Neither table names an account: both may be used without signing in.
CREATE TABLE feedback (
    code TEXT PRIMARY KEY,
    topic TEXT NOT NULL,
    content TEXT NOT NULL,
    dossier TEXT NOT NULL,
    name TEXT NOT NULL,
    contact TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    answer TEXT,
    answered_at BIGINT,
    answered_by TEXT REFERENCES account (id)
);
CREATE INDEX feedback_open ON feedback (answered_at, sent_at);

CREATE TABLE survey (
    id TEXT PRIMARY KEY,
    stars TEXT NOT NULL,
    comment TEXT NOT NULL,
    sent_at BIGINT NOT NULL
);

-- Sums, so that the public page costs one small read however many answered.
CREATE TABLE survey_total (
    question TEXT NOT NULL,
    stars BIGINT NOT NULL,
    answers BIGINT NOT NULL,
    PRIMARY KEY (question, stars)
);
