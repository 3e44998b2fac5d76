-- When the gateway is asked about a try by itself; null when it is not any more. A lease moves it.
ALTER TABLE online_payment ADD COLUMN next_at BIGINT;
ALTER TABLE online_payment ADD COLUMN looks BIGINT NOT NULL DEFAULT 0;
UPDATE online_payment SET next_at = started_at WHERE state = 'open';
CREATE INDEX online_payment_due ON online_payment (next_at) WHERE state = 'open';
