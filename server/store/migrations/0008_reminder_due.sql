-- Looked at every few seconds: only what has not told yet, not everything that ever did.
DROP INDEX reminder_due;
CREATE INDEX reminder_due ON reminder (fires_at) WHERE told_at IS NULL;
