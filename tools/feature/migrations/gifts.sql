-- Gifts: one row a thing that a member was given.
CREATE TABLE gifts (
    id {i64} PRIMARY KEY,
    account_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    from_id {i64} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    at_ms {i64} NOT NULL
) {strict};
CREATE INDEX gifts_account ON gifts (account_id, id);
CREATE INDEX gifts_from ON gifts (from_id);
