-- From now on friends alone find somebody, unless they choose otherwise (no row: the usual).  Who
-- is here already keeps what they had, except minors.  The latest visit stands for now: whoever
-- grew up since then counts as a minor.
INSERT INTO people_choice (account_id, messages, join_me, findable, invisible)
    SELECT a.id, 'everyone', 'friends', 'everyone', 0 FROM account a
    WHERE a.adult_at_ms <= (SELECT MAX(seen_at_ms) FROM account)
    AND NOT EXISTS (SELECT 1 FROM people_choice c WHERE c.account_id = a.id);
UPDATE people_choice SET findable = 'friends' WHERE findable = 'everyone' AND account_id IN
    (SELECT a.id FROM account a WHERE a.adult_at_ms > (SELECT MAX(seen_at_ms) FROM account));
