-- A block by a typed name is listed under what was typed, whoever has the name and whatever
-- becomes of it; the rows of `block` beside it say whom it holds against.
CREATE TABLE block_name (
    id {i64} PRIMARY KEY,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- who typed it
    public_id TEXT NOT NULL UNIQUE, -- of this line in the list, and of nobody
    name TEXT NOT NULL,
    name_skeleton TEXT NOT NULL,
    guardian_id {i64} REFERENCES guardian (id) ON DELETE SET NULL, -- of a child that may still come
    since_ms {i64} NOT NULL
) {strict};
CREATE UNIQUE INDEX block_name_typed ON block_name (account_id, name_skeleton);
CREATE INDEX block_name_guardian ON block_name (guardian_id) WHERE guardian_id IS NOT NULL;

-- One person may be meant by several names, and by id.
CREATE TABLE block_anew (
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- who wants it so
    other_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    since_ms {i64} NOT NULL,
    entry_id {i64} NOT NULL DEFAULT 0, -- block_name.id; 0: by id
    name TEXT NOT NULL DEFAULT '', -- by id: as it was then
    PRIMARY KEY (account_id, other_id, entry_id)
) {clustered};
INSERT INTO block_anew (account_id, other_id, since_ms, entry_id, name)
    SELECT b.account_id, b.other_id, b.since_ms, 0, a.avatar_name
    FROM block b JOIN account a ON a.id = b.other_id;
DROP TABLE block;
ALTER TABLE block_anew RENAME TO block;
CREATE INDEX block_other ON block (other_id, account_id);
