-- A token for a program says what it may do, and ends.  Those made before may read and be in rooms;
-- their end (0: not given yet) is set, and told, by the sweep.
ALTER TABLE token ADD COLUMN scopes {i64} NOT NULL DEFAULT 5;
ALTER TABLE token ADD COLUMN ends_at_ms {i64} NOT NULL DEFAULT 0;
CREATE INDEX token_ends ON token (ends_at_ms);
