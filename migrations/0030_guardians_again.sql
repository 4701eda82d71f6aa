-- A link that was asked for again waits once for each request, however often it is asked for.
ALTER TABLE guardian ADD COLUMN again_at_ms {i64}; -- asked for again, and not sent yet
