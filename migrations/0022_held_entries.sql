-- What a stranger writes into a guest book waits for its owner's yes; and a homepage has an
-- audience (NULL: the usual one, which for minors is friends).
ALTER TABLE home_entry ADD COLUMN held {i64} NOT NULL DEFAULT 0 CHECK (held IN (0, 1));
ALTER TABLE home ADD COLUMN audience TEXT CHECK (audience IN ('everyone', 'friends'));
