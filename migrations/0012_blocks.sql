-- Who wants nothing to do with whom, and who may come near at all.  A block is one row; it
-- holds in both directions, so both indexes stand in every list of people.
CREATE TABLE block (
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- who wants it so
    other_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    since_ms {i64} NOT NULL,
    PRIMARY KEY (account_id, other_id)
) {clustered};
CREATE INDEX block_other ON block (other_id, account_id);

-- No row: the choices that contact.h calls usual.
CREATE TABLE people_choice (
    account_id {i64} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    messages TEXT NOT NULL CHECK (messages IN ('everyone', 'friends', 'nobody')),
    join_me TEXT NOT NULL CHECK (join_me IN ('everyone', 'friends', 'nobody')),
    invisible {i64} NOT NULL CHECK (invisible IN (0, 1))
) {strict};
