-- The two halves of the officers' list, each in its order.
DROP INDEX feedback_open;
CREATE INDEX feedback_waiting ON feedback (sent_at, code) WHERE answered_at IS NULL;
CREATE INDEX feedback_answered ON feedback (answered_at, code) WHERE answered_at IS NOT NULL;
